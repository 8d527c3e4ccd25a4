"""The installed tree: programs of other people build against it and run with it."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from program import Program  # noqa: E402

BUILD = pathlib.Path(os.environ.get("RTCPUB_BUILD", ROOT / "build" / "release"))
CMAKE = os.environ.get("RTCPUB_CMAKE", "cmake")
EXAMPLES = ROOT / "examples"


def run(*command, **environment):
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, env=os.environ | environment, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(name="prefix", scope="module")
def fixture_prefix(tmp_path_factory):
    """The installed tree."""
    prefix = tmp_path_factory.mktemp("prefix")
    run(CMAKE, "--install", BUILD, "--prefix", prefix)
    return prefix


@pytest.fixture(name="examples", scope="module")
def fixture_examples(prefix, tmp_path_factory):
    """The examples, built as their users build them."""
    build = tmp_path_factory.mktemp("examples")
    run(CMAKE, "-S", EXAMPLES, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release")
    run(CMAKE, "--build", build, "--parallel", "2")
    return build


@pytest.fixture(name="started")
def fixture_started():
    """Takes programs; kills what is left of them in the end."""
    programs = []
    yield programs
    for program in reversed(programs):
        program.kill()


@pytest.fixture(name="start")
def fixture_start(started):
    def start(*command):
        started.append(Program(*command))
        return started[-1]

    return start


@pytest.fixture(name="server")
def fixture_server(prefix, start, tmp_path):
    """What a client needs to know of a server of the installed tree: its URL and certificate."""
    server = start(prefix / "bin" / "rtcpub", "serve", "--listen", "127.0.0.1:0", "--media-port", 0,
                   "--data-dir", tmp_path)  # fmt: skip
    port = server.wait_for(re.compile(r"TCP port (\d+)").search)[1]
    return f"wss://127.0.0.1:{port}", tmp_path / "cert.pem"


def see_pictures(subscriber, count, size=r"\d+x\d+"):
    subscriber.wait_for(re.compile(rf"picture {count} {size}$").match)


def test_the_publisher_is_seen_by_the_subscriber(examples, server, start):
    url, certificate = server
    start(examples / "publisher", url, "car-1", certificate)
    see_pictures(start(examples / "subscriber", url, "car-1", certificate), 30, "640x480")


def test_the_data_channel_publisher_and_the_subscriber_talk(examples, server, start):
    url, certificate = server
    robot = start(examples / "data_channel_publisher", url, "car-2", certificate)
    viewer = start(examples / "subscriber", url, "car-2", certificate)
    viewer.wait_for(re.compile(r'metric {"ir":{"key":"detectTime","value":\d+}}$').match)
    robot.wait_for_line('command {"motion":{"key":"forward","value":5}}')


def test_the_camera_publisher_is_seen_with_a_test_picture_in_the_cameras_place(examples, server, start):
    url, certificate = server
    source = "gst:videotestsrc is-live=true ! video/x-raw,width=640,height=480,framerate=30/1"
    robot = start(examples / "camera_publisher", url, "car-3", certificate, source)
    see_pictures(start(examples / "subscriber", url, "car-3", certificate), 30, "640x480")
    robot.wait_for(re.compile(r"connected").match)
    robot.wait_for(re.compile(r"640x480 [\d.]+ fps, [\d.e+]+ kbit/s, round trip [\d.e-]+ ms, 1 viewers$").match)


@pytest.mark.parametrize("name", ["publisher", "data_channel_publisher", "camera_publisher", "subscriber"])
def test_an_example_ends_well_when_it_is_told_to_and_in_words_when_it_cannot_go_on(examples, server, start, name):
    url, certificate = server
    running = start(examples / name, url, "car-4", certificate)
    running.send_signal(15)
    assert running.wait_for_exit() in (0, -15)
    untrusting = start(examples / name, url, "car-4")
    assert untrusting.wait_for_exit() == 1
    assert untrusting.err.all()


def test_an_example_builds_with_pkg_config(prefix, server, start, tmp_path):
    path = next(prefix.rglob("rtcpub.pc")).parent
    flags = run("pkg-config", "--cflags", "--libs", "rtcpub", PKG_CONFIG_PATH=str(path)).split()
    program = tmp_path / "subscriber"
    run("c++", "-O1", EXAMPLES / "subscriber.cc", "-o", program, *flags)
    url, certificate = server
    viewer = start(program, url, "car-5", certificate)
    start(prefix / "bin" / "rtcpub", "publish", "--server", url, "--ca", certificate, "--channel", "car-5",
          "--video", "test:?size=320x240")  # fmt: skip
    see_pictures(viewer, 10, "320x240")


def test_the_installed_headers_name_nothing_of_others(prefix):
    allowed = re.compile(r'#include (<(rtcpub/[\w/]+\.h|tl/expected\.hpp|[a-z_]+)>|"rtcpub/[\w/]+\.h")$')
    for header in (prefix / "include" / "rtcpub").glob("*.h"):
        for line in header.read_text().splitlines():
            if line.startswith("#include"):
                assert allowed.match(line), f"{header.name}: {line}"


def test_no_path_of_the_build_is_in_what_is_installed(prefix):
    for file in prefix.rglob("*"):
        if file.suffix in (".cmake", ".pc", ".h"):
            assert str(ROOT) not in file.read_text(), file
