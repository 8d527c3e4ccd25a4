#!/usr/bin/env python3
"""run_named.py NAME… [OPTION…]: builds what the tests with these names need, and runs them. Called by ./dev test.

A NAME is, in this order: a test of CTest (`core`, `e2e_api`), a test's file with or without its path and affixes
(`rate_limit`, `test_bad_input`, `tests/browser/console.test.mjs`), a suite or a single test (`RateLimit`,
`RateLimit.GivesTokensBack`, `test_refuses_clocks`), or a part of any of these names, in upper or lower case. What is there
without libwebrtc and GStreamer runs from build/core if that is configured. All from the first word with a dash on goes to
the test programs: `--gtest_repeat=100`, `-x`."""
import dataclasses
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
# The build directories, in the order in which they are asked; their presets have the same names.
TREES = ("core", "release")
# What a test that isn't an executable needs, by the variable that tells it where that is.
NEEDED = {"RTCPUB_PROGRAM": ["rtcpub_program"], "NETLAB_LINK": ["netlab_link"], "RTCPUB_FAKE_PLUGINS": ["rtcpub_fake_hardware"],
          "RTCPUB_BUILD": ["rtcpub", "rtcpub_program"]}

ADD_TEST = re.compile(r"^add_test\(\[=\[(.+?)\]=\] (.*)\)$", re.MULTILINE)
PROPERTIES = re.compile(r"^set_tests_properties\(\[=\[(.+?)\]=\] PROPERTIES (.*)\)$", re.MULTILINE)
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
ENVIRONMENT = re.compile(r'\bENVIRONMENT "((?:[^"\\]|\\.)*)"')
GTEST = re.compile(r"^(TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P)\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)
PYTEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
TEST_SCRIPT = re.compile(r"^/.*(/test_\w+\.py|_test\.py|\.test\.mjs)$")
NODE = re.compile(r"^\s*(?:test|it)\(\s*(['\"`])(.+?)\1", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Case:
    """One test in a file."""
    name: str
    file: pathlib.Path
    select: str  # how the test program is told to run it


@dataclasses.dataclass
class Test:
    """One test of CTest, or the console's unit tests."""
    name: str
    tree: str
    command: list
    environment: dict
    targets: list
    files: list

    def cases(self):
        return [case for file in self.files for case in cases_of(file)]


def cases_of(file):
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".cc":
        return [Case(f"{suite}.{name}", file, gtest_filter(macro, suite, name)) for macro, suite, name in GTEST.findall(text)]
    if file.suffix == ".py":
        return [Case(name, file, f"{file}::{name}") for name in PYTEST.findall(text)]
    return [Case(title, file, f"^{re.escape(title)}$") for _, title in NODE.findall(text)]


def gtest_filter(macro, suite, name):
    if macro.startswith("TYPED"):
        return f"{suite}/*.{name}:*/{suite}/*.{name}"
    return f"*/{suite}.{name}/*" if macro == "TEST_P" else f"{suite}.{name}"


def short_name(file):
    """`rate_limit` for rate_limit_test.cc, test_rate_limit.py, rate_limit.test.mjs, rate_limit_test.ts."""
    return re.sub(r"^test_|_test$", "", file.name.split(".")[0])


# --- what there is

def unquoted(text):
    return [re.sub(r"\\(.)", r"\1", part) for part in QUOTED.findall(text)]


def sources_by_target(build):
    """The sources of each target, from the compile commands."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        target = re.search(r"/([^/]+)\.dir/", entry.get("output") or entry["command"])
        if target:
            found.setdefault(target[1], []).append(pathlib.Path(entry["file"]))
    return found


def read_tree(tree):
    """The tests of a build directory; nothing if it isn't configured."""
    build = ROOT / "build" / tree
    if not (build / "build.ninja").is_file():
        return []
    sources = sources_by_target(build)
    found = []
    for listing in sorted(build.rglob("CTestTestfile.cmake")):
        text = listing.read_text(encoding="utf-8")
        properties = dict(PROPERTIES.findall(text))
        for name, command in ADD_TEST.findall(text):
            found.append(make_test(name, tree, unquoted(command), properties.get(name, ""), sources))
    return found


def make_test(name, tree, command, properties, sources):
    listed = ENVIRONMENT.search(properties)
    environment = dict(entry.split("=", 1) for entry in listed[1].split(";")) if listed else {}
    executable = next((pathlib.Path(word).name for word in command if pathlib.Path(word).name in sources), None)
    if executable:
        targets, files = [executable], sources[executable]
    else:
        targets = [target for variable, needed in NEEDED.items() if variable in environment for target in needed]
        files = [pathlib.Path(word) for word in command if TEST_SCRIPT.search(word)]
    return Test(name, tree, command, environment, targets, files)


def console_tests():
    files = sorted((ROOT / "web/src").glob("**/*_test.ts"))
    return [Test("web", "", ["node", str(ROOT / "web/test.mjs")], {}, [], files)] if files else []


def all_tests():
    """Each test once, of the first tree that has it."""
    found = {}
    for tree in TREES:
        for test in read_tree(tree):
            found.setdefault(test.name, test)
    for test in console_tests():
        found[test.name] = test
    return list(found.values())


# --- which are meant

def matches(tests, word):
    """[(test, its cases, or None for all of it)] for one NAME: by the first rule that finds any."""
    lowered = word.lower()
    whole = [(test, None) for test in tests if test.name == word]
    if whole:
        return whole
    rules = (
        lambda case: word in (case.file.name, case.file.name.split(".")[0], short_name(case.file))
        or "/" in word and str(case.file).endswith("/" + word.removeprefix("./")),
        lambda case: word in (case.name, case.name.split(".")[0]),
        lambda case: lowered in case.name.lower() or lowered in case.file.name.lower(),
    )
    for rule in rules:
        found = [(test, [case for case in test.cases() if rule(case)]) for test in tests]
        found = [(test, cases) for test, cases in found if cases]
        if found:
            return found
    return [(test, None) for test in tests if lowered in test.name.lower()]


def select(tests, words):
    """{test name: (test, cases or None)} of all NAMEs, and those that nothing was found for."""
    selected, unknown = {}, []
    for word in words:
        found = matches(tests, word)
        if not found:
            unknown.append(word)
        for test, cases in found:
            before = selected.get(test.name, (test, []))[1]
            selected[test.name] = (test, None if cases is None or before is None else before + cases)
    for name, (test, cases) in selected.items():
        if cases and len(set(cases)) == len(test.cases()):
            selected[name] = (test, None)
    return selected, unknown


def similar(tests, word):
    names = {name for test in tests for case in test.cases() for name in (case.name, case.name.split(".")[0], short_name(case.file))}
    return difflib.get_close_matches(word, names | {test.name for test in tests}, n=5, cutoff=0.5)


# --- building and running

def configure(trees):
    for tree in trees:
        subprocess.run(["cmake", "--preset", tree], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def configured():
    return [tree for tree in TREES if (ROOT / "build" / tree / "build.ninja").is_file()]


def may_be(word):
    """Whether a test of this name can come to light by configuring a build that isn't there yet."""
    patterns = ("src/**/*_test.cc", "tests/**/*_test.cc", "tests/**/test_*.py", "tests/**/*_test.py", "tests/**/*.test.mjs")
    files = [file for pattern in patterns for file in ROOT.glob(pattern) if "node_modules" not in file.parts]
    names = {short_name(file) for file in files} | {folder.name for folder in (ROOT / "src").rglob("*") if folder.is_dir()}
    # CTest's names are made of these: e2e_api, media.
    return word in names or word.partition("_")[2] in names or bool(matches([Test("", "", [], {}, [], files)], word))


def find(words):
    """As select(); configures what isn't yet, or may not know of a new file, if a NAME isn't found without."""
    if not configured():
        configure(["core"])
    selected, unknown = select(all_tests(), words)
    if any(may_be(word) for word in unknown):
        if "release" not in configured():
            subprocess.run([str(ROOT / "dev"), "setup"], check=True)
        configure({*configured(), "release"})
        selected, unknown = select(all_tests(), words)
    return selected, unknown


def build(selected):
    for tree in TREES:
        targets = sorted({target for test, _ in selected if test.tree == tree for target in test.targets})
        if targets:
            print(f"== building {' '.join(targets)} in build/{tree}", file=sys.stderr, flush=True)
            subprocess.run(["cmake", "--build", f"build/{tree}", "--target", *targets], cwd=ROOT, check=True)


def command_for(test, cases, options):
    """The command that runs these cases, or all."""
    command = list(test.command)
    kind = test.files[0].suffix if test.files else ""
    if kind == ".cc":
        chosen = [f"--gtest_filter={':'.join(case.select for case in cases)}"] if cases else []
        return [*command, "--gtest_brief=1", *chosen, *options]
    if kind == ".py":
        chosen = [case.select for case in cases] if cases else [str(file) for file in test.files]
        return [*(word for word in command if pathlib.Path(word) not in test.files), *options, *chosen]
    if kind == ".mjs":
        chosen = [f"--test-name-pattern={case.select}" for case in cases or []]
        return [command[0], *command[1:-1], *chosen, *options, command[-1]]
    if kind == ".ts":
        chosen = sorted({case.file.name for case in cases or []})
        return [*command, *chosen, *(f"--test-name-pattern={case.select}" for case in cases or []), *options]
    return [*command, *options]


def run(test, cases, options):
    count = len(cases) if cases else len(test.cases())
    print(f"== {test.name}: {count or 1} test{'' if count == 1 else 's'}", file=sys.stderr, flush=True)
    environment = {**os.environ, **test.environment}
    return subprocess.run(command_for(test, cases, options), env=environment, cwd=ROOT, check=False).returncode


def main():
    first_option = next((at for at, word in enumerate(sys.argv) if word.startswith("-")), len(sys.argv))
    words, options = sys.argv[1:first_option], sys.argv[first_option:]
    found, unknown = find(words)
    if unknown:
        for word in unknown:
            print(f"no test is called {word}; similar: {', '.join(similar(all_tests(), word)) or 'none'}", file=sys.stderr)
        return 2
    selected = list(found.values())
    try:
        build(selected)
    except subprocess.CalledProcessError as failed:
        return failed.returncode
    failures = [test.name for test, cases in selected if run(test, cases, options) != 0]
    if failures:
        print(f"== failed: {', '.join(failures)}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
