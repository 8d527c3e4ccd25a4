"""./dev: what each habit installs, and what it says to somebody who can't install."""
import pathlib
import re
import subprocess

DEV = pathlib.Path(__file__).parents[2] / "dev"


def run(tmp_path, commands):
    """The functions of ./dev, and then these commands, as a user without root's rights and without sudo."""
    script = tmp_path / "dev"
    text = DEV.read_text(encoding="utf-8").removesuffix('main "$@"\n')
    script.write_text(text + "id() { echo 1000; }\ncommand() { [ \"$2\" != sudo ] && builtin command \"$@\"; }\n" + commands,
                      encoding="utf-8")
    return subprocess.run(["bash", script], capture_output=True, text=True, check=False)


def packages(name):
    return re.search(rf"^{name}=\((.*?)\)", DEV.read_text(encoding="utf-8"), re.M | re.S).group(1).split()


def test_says_whom_to_ask_for_what_is_missing(tmp_path):
    done = run(tmp_path, "install_packages bash no-such-package")
    assert done.returncode == 1
    assert "no sudo" in done.stderr
    assert "ask an administrator" in done.stderr
    assert "apt-get install -q -y --no-install-recommends no-such-package\n" in done.stderr


def test_asks_nothing_of_anybody_when_all_is_there(tmp_path):
    done = run(tmp_path, "install_packages bash coreutils")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_demo_takes_nothing_that_only_tests_need():
    demo = packages("BUILD_PACKAGES") + packages("DEMO_PACKAGES")
    for heavy in ("chromium", "coturn", "npm", "nodejs", "xvfb", "python3-aiortc", "ccache", "libgtest-dev", "libgstreamer-plugins-base1.0-dev"):
        assert heavy not in demo
    assert not any(name.startswith("clang") for name in demo)


def test_the_demo_compiles_the_program_alone(tmp_path):
    stubs = 'cmake() { echo "cmake $*" >&3; }\npkg-config() { true; }\ninstall_packages() { true; }\nexec 3>&1\n'
    done = run(tmp_path, stubs + "build_program")
    configure, build = done.stdout.splitlines()
    assert "--preset release" in configure and "-DRTCPUB_TESTS=OFF" in configure
    assert build == "cmake --build --preset release --target rtcpub_program"


def test_names_choose_tests_and_options_are_ctests(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/run_named.py").write_text("import sys\nprint('named', *sys.argv[1:])\n", encoding="utf-8")
    stubs = ("install_packages() { true; }\nsetup() { true; }\nbuild() { true; }\nlint_all() { true; }\nbuild_preset() { true; }\nfuzz() { true; }\n"
             "run_tests() { echo \"ctest $*\"; }\ncd() { true; }\nnpm() { true; }\n")
    assert run(tmp_path, stubs + "run_test RateLimit -x").stdout == "named RateLimit -x\n"
    assert run(tmp_path, stubs + "run_test -R core").stdout.splitlines()[-1] == "ctest release -R core"


def test_the_consoles_checks_are_not_repeated(tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web/a.ts").write_text("a\n", encoding="utf-8")
    stubs = 'npm() { echo "npm $*"; }\nexport XDG_CACHE_HOME=$PWD/cache\ngit init -q .\n'
    again = "lint_console; echo again; lint_console; echo changed; echo b >> web/a.ts; lint_console\n"
    assert run(tmp_path, stubs + again).stdout.split("\n") == ["npm run --silent lint", "again", "changed", "npm run --silent lint", ""]


def test_the_preset_core_needs_no_engine_and_no_browser(tmp_path):
    for heavy in ("libtgowt-dev", "libgstreamer1.0-dev", "chromium", "npm", "clang-14"):
        assert heavy not in packages("CORE_PACKAGES")
    stubs = 'setup() { echo setup; }\ninstall_packages() { echo some; }\nbuild_preset() { echo "$1"; }\n'
    assert run(tmp_path, stubs + "build core").stdout.split() == ["some", "core"]
    assert run(tmp_path, stubs + "build").stdout.split() == ["setup", "release"]
