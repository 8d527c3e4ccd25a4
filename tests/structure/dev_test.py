"""./dev: what each habit installs, and what it says to somebody who can't install."""
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
DEV = ROOT / "dev"
PACKAGES = ROOT / "platforms" / "packages.sh"


def run(tmp_path, commands):
    """The functions of ./dev, and then these commands, as a user without root's rights and without sudo."""
    script = tmp_path / "dev"
    shutil.copytree(ROOT / "platforms", tmp_path / "platforms", dirs_exist_ok=True)
    text = DEV.read_text(encoding="utf-8").removesuffix('main "$@"\n')
    script.write_text(text + "id() { echo 1000; }\ncommand() { [ \"$2\" != sudo ] && builtin command \"$@\"; }\n" + commands,
                      encoding="utf-8")
    outside = {name: value for name, value in os.environ.items() if name != "RTCPUB_FOR"}  # as if in no chroot
    return subprocess.run(["bash", script], capture_output=True, text=True, check=False, env=outside)


def packages(name):
    return re.search(rf"^{name}=\((.*?)\)", PACKAGES.read_text(encoding="utf-8"), re.M | re.S).group(1).split()


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
    demo = packages("BUILD_TOOLS") + packages("BUILD_LIBRARIES") + packages("DEMO_PACKAGES")
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


def test_another_release_calls_some_packages_otherwise(tmp_path):
    names = "libboost1.81-dev clang-14 libclang-rt-14-dev qemu-user-static libssl-dev"
    here = "names_here " + names
    assert run(tmp_path, "RELEASE=bookworm CLANG=14\n" + here).stdout.split() == names.split()
    assert run(tmp_path, "RELEASE=trixie CLANG=19\n" + here).stdout.split() == [
        "libboost-dev", "clang-19", "libclang-rt-19-dev", "qemu-user", "libssl-dev"]  # fmt: skip


def test_another_architectures_packages_are_named_so_but_for_those_of_all(tmp_path):
    stub = """apt-cache() { cat <<'END'
Package: libssl-dev
Architecture: amd64

Package: libexpected-dev
Architecture: all
END
}
"""
    done = run(tmp_path, stub + "names_for arm64 libssl-dev libexpected-dev")
    assert sorted(done.stdout.split()) == ["libexpected-dev", "libssl-dev:arm64"]


def test_a_package_of_one_architecture_is_not_anothers(tmp_path):
    stub = """dpkg() { echo amd64; }
dpkg-query() { printf '%s\\n' 'libssl-dev arm64 installed' 'cmake amd64 installed' 'libexpected-dev all installed' 'curl amd64 config-files'; }
"""
    done = run(tmp_path, stub + "missing_packages libssl-dev libssl-dev:arm64 cmake cmake:arm64 libexpected-dev curl")
    assert done.stdout.split() == ["cmake:arm64", "curl", "libssl-dev"]


def test_other_releases_and_architectures_are_chroots(tmp_path):
    stubs = 'in_chroot() { echo "chroot $*"; }\nrun_test() { echo "here $*"; }\nbuild() { echo "build $*"; }\nRELEASE=bookworm HERE=amd64\n'
    assert run(tmp_path, stubs + "main test -R core").stdout == "here -R core\n"
    assert run(tmp_path, stubs + "main test --in bookworm -R core --for amd64").stdout == "here -R core\n"
    assert run(tmp_path, stubs + "main test --in trixie -R core").stdout == "chroot trixie amd64 test -R core\n"
    assert run(tmp_path, stubs + "main build --for arm64").stdout == "chroot bookworm arm64 build\n"
    assert run(tmp_path, stubs + "main build --in trixie --for arm64").stdout == "chroot trixie arm64 build\n"
    # Inside it is the same program again.
    assert run(tmp_path, stubs + "RTCPUB_FOR=arm64\nmain build").stdout == "build \n"


def test_says_which_releases_and_architectures_there_are(tmp_path):
    for words, said in {"build --in jessie": 'no Debian called "jessie"', "build --for riscv64": "nobody tried to build for riscv64",
                        "build --in": "--in needs a word after it",
                        "test --for s390x": "another architecture's programs are built here, no more"}.items():  # fmt: skip
        done = run(tmp_path, f"main {words}")
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr
