"""What configuring says of a libwebrtc or an Abseil that doesn't fit: cmake/Libwebrtc.cmake against packages made up here."""
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PROJECT = f"""
cmake_minimum_required(VERSION 3.25)
project(made_up LANGUAGES NONE)
include({ROOT}/cmake/Libwebrtc.cmake)
get_target_property(archive tg_owt::tg_owt IMPORTED_LOCATION_NONE)
message(STATUS "linked: ${{archive}}")
"""
PACKAGE = """
add_library(tg_owt::tg_owt STATIC IMPORTED)
set_target_properties(tg_owt::tg_owt PROPERTIES IMPORTED_LOCATION_NONE "${CMAKE_CURRENT_LIST_DIR}/libtg_owt.a")
"""


@pytest.fixture(name="configure")
def fixture_configure(tmp_path):
    def configure(stamp="2022-10-09", built="debian3", here="debian3", more=()):
        """With a libwebrtc of that day, built with that Abseil, and the headers of this one."""
        package = tmp_path / "tg_owt"
        package.mkdir(exist_ok=True)
        (package / "tg_owtConfig.cmake").write_text(PACKAGE, encoding="utf-8")
        names = f"_ZN4absl{len(built)}{built}11string_viewE" if built else "_ZN6webrtc4noneE"
        (package / "libtg_owt.a").write_bytes(f"\0\xffWebRTC source stamp {stamp}T04:11:21\0{names}\0".encode("latin-1"))
        options = tmp_path / "include" / "absl" / "base"
        options.mkdir(parents=True, exist_ok=True)
        (options / "options.h").write_text(f"#define ABSL_OPTION_INLINE_NAMESPACE_NAME {here}\n", encoding="utf-8")
        (tmp_path / "CMakeLists.txt").write_text(PROJECT, encoding="utf-8")
        done = subprocess.run(["cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-Dtg_owt_DIR={package}",
                               f"-DABSL_INCLUDE_DIR={tmp_path / 'include'}", *more],
                              capture_output=True, text=True, check=False)  # fmt: skip
        return done.returncode, " ".join(done.stderr.split()), done.stdout

    return configure


def linked(tmp_path):
    return (tmp_path / "build/libwebrtc/libtg_owt.a").read_bytes()


def test_debian_12s_is_taken_as_it_is(configure, tmp_path):
    code, errors, out = configure()
    assert (code, errors) == (0, "")
    assert f"linked: {tmp_path}/tg_owt/libtg_owt.a" in out


def test_debian_13s_gets_the_names_of_its_abseil(configure, tmp_path):
    code, errors, out = configure(built="debian5", here="debian7")
    assert (code, errors) == (0, "")
    assert f"linked: {tmp_path}/build/libwebrtc/libtg_owt.a" in out
    original = (tmp_path / "tg_owt/libtg_owt.a").read_bytes()
    assert linked(tmp_path) == original.replace(b"7debian5", b"7debian7") != original


def test_another_abseil_is_refused_by_both_names(configure):
    code, errors, _ = configure(built="debian3", here="debian12")
    assert code == 1
    assert "built against the Abseil of absl::debian3, and here is that of absl::debian12" in errors
    assert "docs/platforms.md" in errors


def test_a_libwebrtc_that_nobody_tried_is_refused_by_its_day(configure):
    code, errors, _ = configure(stamp="2031-01-02")
    assert code == 1
    assert "is libwebrtc of 2031-01-02; wanted is one of 2022-10-09" in errors


def test_a_libwebrtc_that_does_not_say_its_day_is_refused(configure):
    code, errors, _ = configure(stamp="")
    assert code == 1
    assert "doesn't say of which day it is" in errors


def test_who_wants_to_try_can(configure):
    code, errors, _ = configure(stamp="2031-01-02", more=["-DRTCPUB_UNTRIED=ON"])
    assert code == 0
    assert "is libwebrtc of 2031-01-02" in errors


def test_without_libwebrtc_its_package_is_named(configure):
    code, errors, _ = configure(more=["-DCMAKE_DISABLE_FIND_PACKAGE_tg_owt=ON"])
    assert code == 1
    assert "apt install libtgowt-dev" in errors


@pytest.mark.parametrize("version, said", [
    (None, "MadeUp 2.0 is not there: apt install libmadeup-dev"),
    ("1.5", "MadeUp 2.0 is wanted, and here is 1.5: apt install libmadeup-dev"),
    ("2.1", ""),
])  # fmt: skip
def test_a_library_that_is_missing_or_too_old_is_named_with_its_package(tmp_path, version, said):
    (tmp_path / "CMakeLists.txt").write_text(
        f"cmake_minimum_required(VERSION 3.25)\nproject(made_up LANGUAGES NONE)\ninclude({ROOT}/cmake/DebianPackage.cmake)\n"
        "rtcpub_find_package(libmadeup-dev MadeUp 2.0 CONFIG)\n", encoding="utf-8")  # fmt: skip
    if version:
        (tmp_path / "MadeUpConfig.cmake").write_text("", encoding="utf-8")
        (tmp_path / "MadeUpConfigVersion.cmake").write_text(
            f"set(PACKAGE_VERSION {version})\nif(NOT PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION)\n"
            "  set(PACKAGE_VERSION_COMPATIBLE TRUE)\nendif()\n", encoding="utf-8")  # fmt: skip
    done = subprocess.run(["cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DMadeUp_DIR={tmp_path}"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == (1 if said else 0), done.stderr
    assert said in " ".join(done.stderr.split())
