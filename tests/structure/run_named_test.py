"""./dev test NAME: which tests a name means, what is built for them, and how they are told."""
import json
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import run_named  # noqa: E402  pylint: disable=wrong-import-position

RATE_LIMIT = "TEST(RateLimit, LetsSoManyGoAtOnce) {}\nTEST(RateLimit, TellsWhen) {}\nTEST_P(Sizes, Fit) {}\n"
TEXT = "TEST(Text, IsCut) {}\nTYPED_TEST(Numbers, AreRead) {}\n"


def write(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def add_tree(root, name, tests, sources):
    """A configured build directory as CMake leaves it."""
    write(root, f"build/{name}/build.ninja", "")
    commands = [{"file": str(root / file), "command": f"c++ -o src/CMakeFiles/{target}.dir/{file}.o -c {root / file}"}
                for target, files in sources.items() for file in files]
    write(root, f"build/{name}/compile_commands.json", json.dumps(commands))
    lines = []
    for test, (command, properties) in tests.items():
        lines.append(f'add_test([=[{test}]=] {" ".join(f"{chr(34)}{word}{chr(34)}" for word in command)})')
        lines.append(f"set_tests_properties([=[{test}]=] PROPERTIES  {properties})")
    write(root, f"build/{name}/src/CTestTestfile.cmake", "\n".join(lines) + "\n")


@pytest.fixture(name="root")
def house(tmp_path, monkeypatch):
    """A house with unit tests, a test of the whole program, one in a browser and one of the console."""
    monkeypatch.setattr(run_named, "ROOT", tmp_path)
    write(tmp_path, "src/core/rate_limit_test.cc", RATE_LIMIT)
    write(tmp_path, "src/core/text_test.cc", TEXT)
    write(tmp_path, "tests/e2e/test_floods.py", "def test_bounds_connections(): pass\nasync def test_bounds_offers(): pass\n")
    write(tmp_path, "tests/browser/layout.test.mjs", "test('fits a telephone (small)', () => {});\n")
    write(tmp_path, "web/src/backoff_test.ts", "test('waits longer', () => {});\n")
    tests = {
        "core": ([tmp_path / "build/release/src/core_test"], 'LABELS "unit"'),
        "e2e_floods": (["/usr/bin/python3", "-m", "pytest", tmp_path / "tests/e2e/test_floods.py"],
                       'ENVIRONMENT "RTCPUB_PROGRAM=/x/rtcpub;RTCPUB_FAKE_PLUGINS=/x" TIMEOUT "9"'),
        "browser_layout": (["/usr/bin/node", "--test", tmp_path / "tests/browser/layout.test.mjs"],
                           'ENVIRONMENT "RTCPUB_PROGRAM=/x/rtcpub"'),
    }
    add_tree(tmp_path, "release", tests, {"core_test": ["src/core/rate_limit_test.cc", "src/core/text_test.cc"]})
    return tmp_path


def chosen(*words):
    selected, unknown = run_named.select(run_named.all_tests(), words)
    return {name: cases and [case.name for case in cases] for name, (_, cases) in selected.items()}, unknown


def command(word, options=()):
    selected, _ = run_named.select(run_named.all_tests(), [word])
    ((test, cases),) = selected.values()
    return run_named.command_for(test, cases, list(options))


@pytest.mark.parametrize("word", ["RateLimit", "RateLimit.LetsSoManyGoAtOnce", "letssomany", "RateLimit.TellsWhen"])
def test_finds_a_suite_or_a_test_or_a_part_of_its_name(root, word):  # pylint: disable=unused-argument
    found, unknown = chosen(word)
    assert list(found) == ["core"] and unknown == []
    assert all(name.startswith("RateLimit.") for name in found["core"])


@pytest.mark.parametrize("word", ["floods", "test_floods", "test_floods.py", "tests/e2e/test_floods.py", "e2e_floods"])
def test_finds_a_file_by_its_name_with_and_without_affixes(root, word):  # pylint: disable=unused-argument
    assert chosen(word) == ({"e2e_floods": None}, [])


def test_takes_a_test_of_ctest_before_what_has_its_name_in_it(root):
    write(root, "src/core/text_test.cc", "TEST(core, IsASuiteToo) {}\n")
    assert chosen("core") == ({"core": None}, [])


def test_joins_what_several_names_mean(root):  # pylint: disable=unused-argument
    assert chosen("RateLimit.TellsWhen", "Text") == ({"core": ["RateLimit.TellsWhen", "Text.IsCut"]}, [])
    assert chosen("RateLimit.TellsWhen", "core") == ({"core": None}, [])


def test_says_which_names_are_none_and_what_is_similar(root):  # pylint: disable=unused-argument
    assert chosen("RateLimits", "Text") == ({"core": ["Text.IsCut"]}, ["RateLimits"])
    assert "RateLimit" in run_named.similar(run_named.all_tests(), "RateLimits")


@pytest.mark.parametrize("word", ["RatLimit", "test_flods", "e2e_nothing"])
def test_configures_nothing_for_a_name_that_no_file_has(root, monkeypatch, word):  # pylint: disable=unused-argument
    monkeypatch.setattr(run_named, "configure", lambda trees: pytest.fail(f"configures {trees}"))
    assert run_named.find([word]) == ({}, [word])


@pytest.mark.parametrize("word", ["NewSuite", "new", "tests/hardware/new_test.cc", "new_test"])
def test_configures_for_a_file_that_the_build_does_not_know_yet(root, monkeypatch, word):
    write(root, "tests/hardware/new_test.cc", "TEST(NewSuite, IsThere) {}\n")
    asked = []
    monkeypatch.setattr(run_named, "configure", asked.append)
    run_named.find([word])
    assert asked == [{"release"}]


def test_tells_each_kind_of_program_what_to_run(root):
    assert command("RateLimit")[1:] == ["--gtest_brief=1", "--gtest_filter=RateLimit.LetsSoManyGoAtOnce:RateLimit.TellsWhen"]
    assert command("Sizes")[-1] == "--gtest_filter=*/Sizes.Fit/*"
    assert command("Numbers")[-1] == "--gtest_filter=Numbers/*.AreRead:*/Numbers/*.AreRead"
    assert command("bounds_offers", ["-x"])[1:] == ["-m", "pytest", "-x", f"{root}/tests/e2e/test_floods.py::test_bounds_offers"]
    assert command("layout", ["--test-only"])[1:] == ["--test", "--test-only", f"{root}/tests/browser/layout.test.mjs"]
    assert command("backoff") == ["node", f"{root}/web/test.mjs"]


def test_builds_what_a_test_needs_and_nothing_else(root):  # pylint: disable=unused-argument
    targets = {test.name: test.targets for test in run_named.all_tests()}
    assert targets == {"core": ["core_test"], "e2e_floods": ["rtcpub_program", "rtcpub_fake_hardware"],
                       "browser_layout": ["rtcpub_program"], "web": []}


def test_prefers_the_build_without_the_engine(root):
    add_tree(root, "core", {"core": ([root / "build/core/src/core_test"], 'LABELS "unit"')},
             {"core_test": ["src/core/rate_limit_test.cc"]})
    assert {test.name: test.tree for test in run_named.all_tests()} == {"core": "core", "e2e_floods": "release",
                                                                        "browser_layout": "release", "web": ""}
