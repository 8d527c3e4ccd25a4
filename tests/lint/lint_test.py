"""The lint finds what it is there for, in sources and in headers of ours, and remembers only what was clean."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

import lint as lint_module

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HEADER = "#pragma once\n#include <string>\ninline std::string greeting() { return {}; }\n"
SOURCE = '#include "core/a.h"\nstd::string twice();\nstd::string twice() { return greeting() + greeting(); }\n'
FAULTS = {
    "readability-identifier-naming": "int Wrong_Name() { return 1; }\n",
    "bugprone-use-after-move": "#include <utility>\nstd::string moved(std::string a);\n"
                               "std::string moved(std::string a) { std::string b = std::move(a); return a + b; }\n",
    "clang-analyzer-core.NullDereference": "int null(const int* p);\nint null(const int* p) { if (p == nullptr) return *p; return 1; }\n",
    "misc-unused-parameters": "int unused(int a);\nint unused(int a) { return 1; }\n",
    "performance-unnecessary-value-param": "int copied(std::string a);\nint copied(std::string a) { return a.empty() ? 1 : 2; }\n",
}


@pytest.fixture(name="plugin", scope="module")
def built_plugin(tmp_path_factory):
    return lint_module.build_plugin(tmp_path_factory.mktemp("plugin"))


@pytest.fixture(name="house")
def small_house(tmp_path, plugin):
    """A house of one source and one header that were built once, with the checks of ours."""
    shutil.copytree(HERE, tmp_path / "tests/lint")
    shutil.copy(ROOT / ".clang-tidy", tmp_path)
    (tmp_path / "src/core").mkdir(parents=True)
    (tmp_path / "src/core/a.h").write_text(HEADER)
    (tmp_path / "src/core/a.cc").write_text(SOURCE)
    build = tmp_path / "build/release"
    build.mkdir(parents=True)
    shutil.copy(plugin, build)
    source = tmp_path / "src/core/a.cc"
    command = f"c++ -I{tmp_path}/src -std=c++20 -o a.o -c {source}"
    (build / "compile_commands.json").write_text(json.dumps([{"directory": str(build), "file": str(source), "command": command}]))
    (build / "build.ninja").write_text("rule cxx\n  command = " + command + " -MD -MF a.d\n  depfile = a.d\n  deps = gcc\n"
                                       f"build a.o: cxx {source}\n")
    compile_again(tmp_path)
    return tmp_path


def compile_again(house):
    subprocess.run(["ninja", "--quiet", "-C", house / "build/release"], check=True, stdout=subprocess.DEVNULL)


def lint(house):
    """(exit code, how many sources were read, complaints)"""
    done = subprocess.run([sys.executable, "-B", house / "tests/lint/lint.py", house / "build/release"], capture_output=True,
                          text=True, check=False, env={**os.environ, "XDG_CACHE_HOME": str(house / "cache")})
    return done.returncode, int(done.stderr.split("clang-tidy: ")[1].split()[0]), done.stdout


def test_reads_again_only_what_changed(house):
    assert lint(house) == (0, 1, "")
    assert lint(house) == (0, 0, "")
    (house / "src/core/a.cc").write_text(SOURCE + "// changed\n")
    assert lint(house) == (0, 1, "")


def test_reads_again_what_includes_a_changed_header(house):
    assert lint(house) == (0, 1, "")
    (house / "src/core/a.h").write_text(HEADER + "// changed\n")
    assert lint(house) == (0, 1, "")
    assert lint(house) == (0, 0, "")


def test_reads_again_when_the_checks_change(house):
    assert lint(house)[1] == 1
    (house / ".clang-tidy").write_text((house / ".clang-tidy").read_text() + "\n")
    assert lint(house)[1] == 1


def test_never_remembers_a_complaint(house):
    (house / "src/core/a.cc").write_text(SOURCE + FAULTS["misc-unused-parameters"])
    for _ in range(2):
        code, read, complaints = lint(house)
        assert (code, read) == (1, 1) and "misc-unused-parameters" in complaints


def test_says_that_no_source_is_called_so(house):
    command = [sys.executable, "-B", house / "tests/lint/lint.py", house / "build/release", "nosuch"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "XDG_CACHE_HOME": str(house)})
    assert (done.returncode, done.stderr) == (2, "clang-tidy: no source has such a path\n")


@pytest.mark.parametrize("place", ["a.cc", "a.h"])
def test_finds_faults_in_sources_and_in_our_headers(house, place):
    file = house / "src/core" / place
    file.write_text(file.read_text() + "".join(FAULTS.values()))
    code, _, complaints = lint(house)
    assert code == 1
    # The analyzer follows what a source itself has.
    expected = {fault for fault in FAULTS if place == "a.cc" or not fault.startswith("clang-analyzer")}
    assert {fault for fault in expected if fault not in complaints} == set()
