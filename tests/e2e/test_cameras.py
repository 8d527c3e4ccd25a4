"""Cameras of every kind, published by our own program and seen by a viewer."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy
import pytest
from hardware import bright_corner, colour_of, machine, program_on
from pictures import read_y4m
from program import DEADLINE, PROGRAM, Program, frames

HERE = pathlib.Path(__file__).parent
PASSWORD = "s3cret:/@"
QUOTED = "s3cret%3A%2F%40"
FAIL_FAST = "--fail-fast"
# What a refusal may take at most: 5 s by its own clock, and this machine's sloth.
REFUSAL = 9.0


@pytest.fixture(name="publish_on")
def fixture_publish_on(started, server, channel):
    """Starts a publisher on a machine (variables as `env` takes them); waits until it is registered."""

    def publish_on(variables, video, *options):
        publisher = program_on(variables, "publish", "--server", server.ws, "--channel", channel, "--video", video,
                               "--stats", *options)  # fmt: skip
        started.append(publisher)
        publisher.wait_for_line("success")
        return publisher

    return publish_on


@pytest.fixture(name="see")
def fixture_see(subscribe, tmp_path):
    """What a viewer sees: the last of a dozen pictures as (luma, u, v), and its stats."""

    def see():
        path = tmp_path / "seen.y4m"
        viewer = subscribe("--video", f"y4m:{path}", "--stats")
        stats = viewer.wait_for_stats(lambda stats: frames(stats) >= 12)
        viewer.stop()
        return list(read_y4m(path))[-1], stats

    return see


def refusal(server, channel, variables, video, *options):
    """What a publisher says that doesn't wait for its camera: one sentence, soon, exit code 1."""
    command = ["/usr/bin/env", *variables, PROGRAM, "publish", "--server", server.ws, "--channel", channel,
               "--video", video, *options]  # fmt: skip
    began = time.monotonic()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE,
                          check=False)  # fmt: skip
    assert time.monotonic() - began < REFUSAL
    assert done.returncode == 1, done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("rtcpub: ")]
    assert len(said) == 1, done.stderr
    return done.stderr


# --- cameras of the machine


@pytest.mark.parametrize(
    ("video", "colour", "corner"),
    [
        ("v4l2:/dev/video0?size=640x480", "red", "upper left"),
        ("v4l2:rear?size=640x480", "green", "upper left"),
        ("v4l2:/dev/video4", "blue", "upper left"),
        ("csi:0", "yellow", "lower right"),
        ("csi:1?flip=none", "magenta", "upper left"),
        ("libcamera:?size=640x480", "cyan", "upper left"),
    ],
)
def test_the_viewer_sees_the_cameras_picture(publish_on, see, video, colour, corner):
    publish_on(machine(), video)
    picture, _ = see()
    assert colour_of(picture) == colour
    assert bright_corner(picture) == corner


def test_a_camera_that_encodes_is_passed_through(publish_on, see):
    publisher = publish_on(machine(), "v4l2:/dev/video4")
    _, stats = see()
    assert (stats["video"]["width"], stats["video"]["height"]) == (1280, 720)
    assert publisher.wait_for_stats(lambda stats: stats.get("video", {}).get("encoder"))["video"]["encoder"] == "pass-through"


def test_front_and_rear_of_a_jetson_switch(publish_on, see):
    publisher = publish_on(machine(), "front=csi:0", "--video", "rear=csi:1")
    assert colour_of(see()[0]) == "yellow"
    publisher.write(":camera rear")
    publisher.wait_for_stats(lambda stats: stats["cameras"]["rear"]["on_air"])
    assert colour_of(see()[0]) == "magenta"


def test_a_camera_that_is_lost_leaves_the_connection_up(publish_on, see):
    publisher = publish_on(
        machine(v4l2src="on=/dev/video0,frames=60,then=error,times=10"), "v4l2:/dev/video0?size=640x480"
    )
    publisher.wait_for_error("opened again")
    picture, _ = see()
    assert colour_of(picture) == "red"
    assert publisher.running()


def test_a_camera_that_is_not_there_is_told_in_one_sentence(server, channel):
    said = refusal(server, channel, machine(cameras=["/dev/video2"]), "v4l2:/dev/video0", FAIL_FAST)
    assert "/dev/video0" in said and "Rear Camera" in said


def test_a_busy_camera_is_told_in_one_sentence(server, channel):
    assert "/dev/video0" in refusal(server, channel, machine(v4l2src="open=busy"), "v4l2:/dev/video0", FAIL_FAST)


def test_a_camera_that_yields_nothing_is_told_in_one_sentence(server, channel):
    silent = machine(v4l2src="frames=0,then=stall")
    assert "/dev/video0" in refusal(server, channel, silent, "v4l2:/dev/video0", FAIL_FAST)


@pytest.mark.parametrize(
    ("video", "part"),
    [("v4l2:/dev/video0?size=1000x700", "has no 1000x700"), ("v4l2:/etc/passwd", "is not a device")],
)
def test_what_no_waiting_helps_is_told_at_once(server, channel, video, part):
    assert part in refusal(server, channel, machine(), video)


# --- cameras that are waited for


def waiting(publisher, reason):
    """Waits until a publisher says that it waits for its only camera, and why."""
    told = publisher.wait_for_stats(lambda stats: "video" in stats.get("cameras", {}))["cameras"]["video"]
    assert told["live"] is False and reason in told["reason"]
    publisher.wait_for_error("it is waited for")


@pytest.mark.parametrize(("camera", "colour"), [("/dev/video0", "red"), ("/dev/video4", "blue")])
def test_a_camera_that_is_plugged_in_later_is_shown_from_then_on(publish_on, see, tmp_path, camera, colour):
    plugged = tmp_path / "plugged"
    plugged.write_text("/dev/video2\n", encoding="ascii")
    publisher = publish_on(machine(cameras=[f"@{plugged}"]), f"v4l2:{camera}")
    waiting(publisher, f"There is no camera {camera}")
    plugged.write_text(f"{camera}\n", encoding="ascii")
    picture, _ = see()
    assert colour_of(picture) == colour
    stats = publisher.wait_for_stats(lambda stats: stats.get("video", {}).get("encoder"))
    assert (stats["video"]["encoder"] == "pass-through") is (camera == "/dev/video4")
    assert "cameras" not in stats
    assert len(publisher.complaints()) == 1, publisher.describe()


def test_each_reason_to_wait_is_told_once(publish_on, see):
    publisher = publish_on(machine(v4l2src="open=busy,times=8"), "v4l2:/dev/video0?size=640x480")
    waiting(publisher, "is busy")
    assert colour_of(see()[0]) == "red"
    assert len(publisher.complaints()) == 1, publisher.describe()


def test_one_of_two_cameras_is_waited_for(publish_on, see):
    publisher = publish_on(machine(cameras=["/dev/video2"]), "front=v4l2:/dev/video0", "--video", "rear=v4l2:/dev/video2")
    stats = publisher.wait_for_stats(lambda stats: not stats["cameras"]["front"]["live"])
    assert stats["cameras"]["rear"] == {"on_air": False, "live": True}
    publisher.write(":camera rear")
    assert colour_of(see()[0]) == "green"


def test_a_camera_that_comes_encoded_late_is_decoded_for_another_codec(publish_on, see, tmp_path):
    plugged = tmp_path / "plugged"
    plugged.write_text("\n", encoding="ascii")
    publisher = publish_on(machine(cameras=[f"@{plugged}"]), "v4l2:/dev/video4", "--codec", "vp8")
    waiting(publisher, "There is no camera")
    plugged.write_text("/dev/video4\n", encoding="ascii")
    picture, stats = see()
    assert (colour_of(picture), stats["video"]["codec"]) == ("blue", "VP8")


# --- RTSP


@contextlib.contextmanager
def rtsp_camera(*options, make="rtsp_server.py"):
    """A running rtsp_server.py, or odd_camera.py."""
    camera = Program(sys.executable, HERE / make, *options)
    try:
        camera.port = camera.wait_for(lambda line: line.startswith("port ") and int(line[5:]))
        yield camera
    finally:
        camera.send_signal(signal.SIGCONT)
        camera.kill()


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_an_rtsp_cameras_h264_is_passed_through(publish_on, see, transport):
    with rtsp_camera() as camera:
        publisher = publish_on([], f"rtsp://127.0.0.1:{camera.port}/live#transport={transport}")
        picture, stats = see()
        assert colour_of(picture) == "green"
        assert (stats["video"]["width"], stats["video"]["height"]) == (640, 480)
        assert publisher.wait_for_stats(lambda stats: stats.get("video", {}).get("encoder"))["video"]["encoder"] == "pass-through"


@pytest.mark.parametrize("scheme", [(), ("--digest",)], ids=["basic", "digest"])
def test_an_rtsp_camera_gets_its_password(publish_on, see, scheme):
    with rtsp_camera("--password", PASSWORD, *scheme) as camera:
        publisher = publish_on([], f"rtsp://robot:{QUOTED}@127.0.0.1:{camera.port}/live")
        assert colour_of(see()[0]) == "green"
        assert not any("s3cret" in line for line in publisher.err.all())


@pytest.mark.parametrize("scheme", [(), ("--digest",)], ids=["basic", "digest"])
def test_a_wrong_password_is_told_and_not_shown(server, channel, scheme):
    with rtsp_camera("--password", PASSWORD, *scheme) as camera:
        said = refusal(server, channel, [], f"rtsp://robot:letmein@127.0.0.1:{camera.port}/live")
        assert f"127.0.0.1:{camera.port}" in said and "password" in said
        assert "letmein" not in said and "robot" not in said


def test_an_rtsp_camera_that_does_not_answer_is_given_up(server, channel):
    with rtsp_camera() as camera:
        camera.send_signal(signal.SIGSTOP)
        said = refusal(server, channel, [], f"rtsp://127.0.0.1:{camera.port}/live", FAIL_FAST)
        assert f"127.0.0.1:{camera.port}" in said


def test_an_rtsp_path_that_is_not_there_is_told(server, channel):
    with rtsp_camera() as camera:
        assert "/other" in refusal(server, channel, [], f"rtsp://127.0.0.1:{camera.port}/other", FAIL_FAST)


def test_an_rtsp_camera_that_does_not_answer_yet_is_waited_for(publish_on, see):
    with rtsp_camera() as camera:
        camera.send_signal(signal.SIGSTOP)
        publisher = publish_on([], f"rtsp://127.0.0.1:{camera.port}/live")
        waiting(publisher, f"127.0.0.1:{camera.port}")
        camera.send_signal(signal.SIGCONT)
        assert colour_of(see()[0]) == "green"


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_an_rtsp_camera_that_falls_silent_is_opened_again(publish_on, see, transport):
    with rtsp_camera() as camera:
        publisher = publish_on([], f"rtsp://127.0.0.1:{camera.port}/live#transport={transport}")
        publisher.wait_for_frames(10)
        camera.send_signal(signal.SIGSTOP)
        publisher.wait_for_error("opened again")
        assert publisher.running()
        camera.send_signal(signal.SIGCONT)
        assert colour_of(see()[0]) == "green"


@pytest.mark.parametrize("options", [("tcp",), ("udp",), ("tcp", "--reencode")], ids=["tcp", "udp", "reencode"])
def test_slices_that_each_have_a_marker_are_one_picture(publish_on, subscribe, tmp_path, options):
    transport, *more = options
    path = tmp_path / "seen.y4m"
    with rtsp_camera("--mark-slices") as camera:
        publish_on([], f"rtsp://127.0.0.1:{camera.port}/live#transport={transport}", *more)
        viewer = subscribe("--video", f"y4m:{path}", "--stats")
        viewer.wait_for_stats(lambda stats: frames(stats) >= 45)
        viewer.stop()
    pictures = list(read_y4m(path))
    assert len(pictures) > 6
    # They are wholly black or wholly white.
    assert all(numpy.ptp(luma[::8, ::8].astype(int)) < 60 for luma, _, _ in pictures)


@pytest.mark.parametrize("options", [(), ("--reencode",)], ids=["passed", "reencoded"])
def test_a_camera_that_changes_its_ssrc_is_shown_on(publish_on, see, options):
    with rtsp_camera("--new-source-each", "20", make="odd_camera.py") as camera:
        publisher = publish_on([], f"rtsp://127.0.0.1:{camera.port}/live", *options)
        publisher.wait_for_frames(70)
        assert colour_of(see()[0]) == "green"
        assert not any("opened again" in line for line in publisher.err.all())


def test_a_camera_that_wants_md5_gets_it(publish_on, see):
    with rtsp_camera("--digest", "MD5", make="odd_camera.py") as camera:
        publish_on([], f"rtsp://robot:secret@127.0.0.1:{camera.port}/live")
        assert colour_of(see()[0]) == "green"


def test_a_camera_that_insists_on_another_digest_is_told_with_what_to_do(server, channel):
    with rtsp_camera("--digest", "SHA-256", make="odd_camera.py") as camera:
        said = refusal(server, channel, [], f"rtsp://robot:secret@127.0.0.1:{camera.port}/live")
        assert "SHA-256" in said and "MD5" in said and "settings" in said
        assert "secret" not in said


def test_an_rtsp_camera_whose_udp_gets_lost_is_asked_for_tcp(publish_on, see):
    with rtsp_camera("--lose-udp") as camera:
        publish_on([], f"rtsp://127.0.0.1:{camera.port}/live")
        assert colour_of(see()[0]) == "green"
        # Once by UDP, in vain, and once by TCP.
        assert camera.out.all().count("playing") == 2


def test_an_rtsp_camera_whose_udp_gets_lost_is_told_when_udp_is_insisted_on(server, channel):
    with rtsp_camera("--lose-udp") as camera:
        said = refusal(server, channel, [], f"rtsp://127.0.0.1:{camera.port}/live#transport=udp", FAIL_FAST)
        assert f"127.0.0.1:{camera.port}" in said and "UDP" in said


@pytest.mark.parametrize("options", [(), ("--reencode",)], ids=["unasked", "asked"])
def test_b_frames_are_encoded_again(publish_on, see, options):
    with rtsp_camera("--b-frames") as camera:
        publisher = publish_on([], f"rtsp://127.0.0.1:{camera.port}/live", *options)
        assert colour_of(see()[0]) == "green"
        assert publisher.stats()[-1]["video"]["encoder"] != "pass-through"
        if not options:
            publisher.wait_for_error("has B-frames, which can't be sent without delay: it is decoded and encoded again")


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_camera_without_key_frames_is_encoded_again(publish_on, see, transport):
    with rtsp_camera("--no-idr") as camera:
        publisher = publish_on([], f"rtsp://127.0.0.1:{camera.port}/live#transport={transport}")
        publisher.wait_for_error("sends no key frames (IDR)")
        # One viewer, and one who comes later.
        for _ in range(2):
            assert colour_of(see()[0]) == "green"
        assert publisher.stats()[-1]["video"]["encoder"] != "pass-through"


# --- the screen


@pytest.fixture(name="screen")
def fixture_screen():
    """A display of its own, filled with one colour; its name."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        display = f":{int(pipe.readline())}"
    subprocess.run(["xsetroot", "-display", display, "-solid", "#0000ff"], check=True, timeout=DEADLINE)
    yield display
    server.terminate()
    server.wait(DEADLINE)


def test_the_screen_is_seen(publish_on, see, screen):
    publish_on([], f"screen:{screen}")
    picture, stats = see()
    assert (stats["video"]["width"], stats["video"]["height"]) == (640, 480)
    assert colour_of(picture) == "blue"


def test_the_screen_of_the_environment_is_seen(publish_on, see, screen):
    publish_on([f"DISPLAY={screen}"], "screen:")
    assert colour_of(see()[0]) == "blue"


def test_a_display_that_is_not_there_is_told(server, channel):
    assert ":799" in refusal(server, channel, [], "screen::799", FAIL_FAST)
