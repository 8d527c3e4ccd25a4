#!/usr/bin/env python3
"""check_texts.py ROOT: what is written, in pages, names and messages. Prints what it refuses; exit code 1 if anything."""
import pathlib
import re
import subprocess
import sys

LONGEST_LINE = 120  # characters of a page; tables, code and links are no exception
LONGEST_FILE = 400  # lines of code: split it by meaning before. These were there already, and mustn't grow:
LONG_FILES = {"src/core/session/session_test.cc": 425, "src/peer/peer.cc": 417, "src/sfu/media_server.cc": 469,
              "src/sfu/router/producer.cc": 484, "src/sfu/transport/answer.cc": 412,
              "src/sfu/transport/answer_offers_test.cc": 449, "src/sfu/transport/transport.cc": 472,
              "src/sfu/transport/turn/turn_server.cc": 424, "src/sfu/transport/turn/turn_server_test.cc": 440,
              "src/sfu/transport/udp_port.cc": 414}
PRODUCT = ("src/", "include/", "web/src/", "examples/")
# A test lies beside what it tests, as `x_test.cc`; helpers of tests are called so, or fixtures, or fakes.
NAMED_AS_TEST = re.compile(r"(^|/)(test_[^/]*|[^/]*_tests?)\.(h|cc|ts)$")
TESTS = re.compile(r"(_test|_fixture)\.(cc|ts|h)$|/fake_[^/]*$")
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
# Words that mean something else here, or nothing to a reader: (where, the word, why not).
WORDS = (
    (re.compile(r"^src/sfu/router/"), re.compile(r"[Rr]elay"), "a relay is TURN's; packets are forwarded"),
    (re.compile(r"^src/sfu/"), re.compile(r"\b\w*Client(?!s? ?Hello)(Id|Stats|Transport)\b"), "in sfu there are members"),
    (re.compile(r"^src/sfu/"), re.compile(r"[Ss]ubscriber(?!\.h)"), "who views is a viewer; Spider's door and our client class say subscriber"),
    (re.compile(r"^src/sfu/router/"), re.compile(r"\b(Room|room\.\w+\()"), "a channel's packets go through its router"),
    (re.compile(r"^(src|include|web/src)/"), re.compile(r"\b[Tt]he seed('s)?\b"), "nobody knows what that is"),
    (re.compile(r"^(src|include|web/src|docs|README|CONTRIBUTING|SECURITY|CHANGELOG)"), re.compile(r"\b(TODO|FIXME|XXX)\b"),
     "do it, or leave it out"),
)


def check_page(name, text):
    """Lines that don't fit."""
    return [f"{name}:{number}: {len(line)} characters; {LONGEST_LINE} at most"
            for number, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST_LINE]


def anchors(page):
    """What a page's headings are called in links, as GitHub does it."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)", page.read_text(encoding="utf-8"), re.MULTILINE)}


def check_links(root, name, text):
    """Links of a page to what isn't there."""
    found = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = (root / name).parent / path if path else root / name
        there = "://" in link or target.exists()
        if not there or anchor and target.suffix == ".md" and anchor not in anchors(target):
            found.append(f"{name}: leads nowhere: {link}")
    return found


def check_name(name):
    if name.startswith(PRODUCT) and NAMED_AS_TEST.search(name) and not TESTS.search(name):
        return [f"{name}: named like a test, but isn't one"]
    return []


def check_length(name, text):
    most, lines = LONG_FILES.get(name, LONGEST_FILE), text.count("\n")
    return [f"{name}: {lines} lines, {most} at most"] if name.startswith(PRODUCT) and lines > most else []


def check_words(name, text):
    """Words with another meaning here, and options of the program in the library's messages."""
    found = []
    wrong = [(word, why) for where, word, why in WORDS if where.search(name)]
    library = name.startswith(("src/", "include/")) and not name.startswith("src/cli/") and not TESTS.search(name)
    for number, line in enumerate(text.splitlines(), 1):
        found += [f"{name}:{number}: {hit[0]}: {why}" for word, why in wrong if (hit := word.search(line))]
        if library:
            found += [f"{name}:{number}: names an option of the program: {option}"
                      for string in STRING.findall(line) for option in OPTION.findall(string)]
    return found


def check(root, names):
    found = []
    for name in names:
        path = root / name
        found += check_name(name)
        if path.suffix == ".md":
            found += check_page(name, path.read_text(encoding="utf-8"))
            found += check_links(root, name, path.read_text(encoding="utf-8"))
        if path.suffix in (".md", ".cc", ".h", ".ts"):
            found += check_words(name, path.read_text(encoding="utf-8"))
            found += check_length(name, path.read_text(encoding="utf-8")) if path.suffix != ".md" else []
    return found


def files(root):
    """All that git knows of, or would."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True,
                            text=True, check=True).stdout
    return sorted(name for name in listed.split("\0") if name and (root / name).is_file())


def main():
    root = pathlib.Path(sys.argv[1])
    problems = check(root, files(root))
    print("\n".join(problems) or "every text is as it should be")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
