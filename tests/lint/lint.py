#!/usr/bin/env python3
"""lint.py BUILD [--deep] [PART…]: clang-tidy over the sources of BUILD's compile commands, those of src/, bench/ and tests/ or those
whose path holds a PART.

What came out clean is remembered by what clang-tidy saw: the source, all that it includes (as ninja knows it from the build),
the command line, the checks, clang-tidy's version. So a second run takes seconds, in another checkout of the same sources,
too. Complaints are never remembered. The memory lies in $XDG_CACHE_HOME/rtcpub/lint (~/.cache/rtcpub/lint).

own_code.cc keeps the checks out of other people's headers, in which they find nothing that is told. The static analyzer, which
takes most of what is left, follows NODES states of a function; with --deep as many as it would by itself, and in tests, too."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CLANG_TIDY = "clang-tidy-14"
LINTED = ("src/", "bench/", "tests/")
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "rtcpub/lint"
KEPT_DAYS = 30
# What doesn't run in the product is read without what is about speed, and without the static analyzer, which follows gtest's
# macros instead of our code.
FOR_TESTS = ["--checks=-clang-analyzer-*,-performance-*,-bugprone-implicit-widening-of-multiplication-result"]
NODES = 25_000  # 225,000 by default, with which a source of many branches takes four times as long
# The analyzer doesn't know what co_await does with a coroutine's frame, and takes Asio's for uninitialized or null.
IN_COROUTINES = ["--checks=-clang-analyzer-core.CallAndMessage,-clang-analyzer-core.NullDereference"]
BOUNDED_ANALYZER = [f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", f"max-nodes={NODES}")]
PLUGIN = HERE / "own_code.cc"
LLVM_HEADERS = "/usr/lib/llvm-14/include"
DEPENDENCIES_OF = re.compile(r"^(\S.*): #deps \d+, .*\((VALID|STALE)\)$")


def is_product(path):
    return path.startswith("src/") and not path.endswith("_test.cc")


def options_for(path, deep):
    bounds = [] if deep else BOUNDED_ANALYZER if is_product(path) else FOR_TESTS
    suspends = is_product(path) and "co_await" in (ROOT / path).read_text(encoding="utf-8")
    return ["--quiet", *bounds, *(IN_COROUTINES if suspends else [])]


# --- what there is to read

def read_sources(build, parts):
    """{path from ROOT: (object file, command line)} of the sources that are linted."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = os.path.relpath(entry["file"], ROOT)
        if path.startswith(LINTED) and (not parts or any(part in path for part in parts)):
            found[path] = (re.search(r" -o (\S+)", entry["command"])[1], entry["command"])
    return found


def read_dependencies(build):
    """{object file: the files that it was made of}, as the last build found them."""
    listing = subprocess.run(["ninja", "-C", str(build), "--quiet", "-t", "deps"], capture_output=True, text=True, check=True)
    found, files = {}, []
    for line in listing.stdout.splitlines():
        begins = DEPENDENCIES_OF.match(line)
        if begins:
            files = found[begins[1]] = []
        elif line.startswith("    "):
            files.append(line.strip())
    return found


# --- what was seen

class Contents:
    """What files hold: each is read once."""

    def __init__(self, build):
        self.build = build
        self.known = {}

    def of(self, file):
        """Its name and a hash of its content, for a path as the build has it; None if it is gone: the build doesn't know yet."""
        if file not in self.known:
            self.known[file] = self.read((self.build / file).resolve())
        return self.known[file]

    @staticmethod
    def read(path):
        name = os.path.relpath(path, ROOT) if path.is_relative_to(ROOT) else str(path)
        try:
            return f"{name} {hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()}"
        except OSError:
            return None


def checks_for(path):
    """The .clang-tidy files that hold for a source."""
    return [str(folder / ".clang-tidy") for folder in (ROOT / path).parents
            if folder.is_relative_to(ROOT) and (folder / ".clang-tidy").is_file()]


def key_of(path, command, options, dependencies, contents, version):
    """What clang-tidy's verdict on a source depends on; None if that isn't known, as before the source's first build."""
    if not dependencies:
        return None
    seen = {contents.of(file) for file in (*dependencies, *checks_for(path), str(ROOT / path))}
    if None in seen:
        return None
    text = json.dumps([version, options, command.replace(str(ROOT), "."), sorted(seen)])
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


def forget_old():
    oldest = time.time() - KEPT_DAYS * 24 * 3600
    for file in CACHE.iterdir():
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)


# --- reading

def build_plugin(build):
    made = build / "own_code.so"
    if not made.exists() or made.stat().st_mtime < PLUGIN.stat().st_mtime:
        subprocess.run(["g++", "-std=c++17", "-O1", "-fno-rtti", "-fPIC", "-shared", "-isystem", LLVM_HEADERS, str(PLUGIN),
                        "-o", str(made)], check=True)
    return made


def lint(build, path, options):
    """Complaints about a source; empty if there are none."""
    done = subprocess.run([CLANG_TIDY, f"--load={build / 'own_code.so'}", "-p", str(build), *options, path], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def lint_all(build, keys, options):
    """The number of sources with complaints, which are printed as they come."""
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        running = {pool.submit(lint, build, path, options[path]): path for path in keys}
        for done in concurrent.futures.as_completed(running):
            complaints, key = done.result(), keys[running[done]]
            if complaints:
                bad += 1
                print(complaints, flush=True)
            elif key:
                (CACHE / key).touch()
    return bad


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True, check=True).stdout + PLUGIN.read_text()
    build_plugin(build)
    dependencies, contents = read_dependencies(build), Contents(build)
    deep = "--deep" in sys.argv
    sources = read_sources(build, [word for word in sys.argv[2:] if word != "--deep"])
    if not sources:
        print("clang-tidy: no source has such a path", file=sys.stderr)
        return 2
    options = {path: options_for(path, deep) for path in sources}
    CACHE.mkdir(parents=True, exist_ok=True)
    keys = {path: key_of(path, command, options[path], dependencies.get(output), contents, version)
            for path, (output, command) in sources.items()}
    known = {path for path, key in keys.items() if key and (CACHE / key).exists()}
    for path in known:
        (CACHE / keys[path]).touch()
    forget_old()
    left = {path: key for path, key in keys.items() if path not in known}
    print(f"clang-tidy: {len(left)} of {len(sources)} sources to read", file=sys.stderr, flush=True)
    bad = lint_all(build, left, options)
    if bad:
        print(f"clang-tidy: complaints about {bad} sources", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
