"""What `rtcpub subscribe --video` writes: y4m of one size and one rate, in time with the stream."""

import contextlib
import signal
import subprocess

import numpy
import pytest
from pictures import read_y4m
from program import DEADLINE, PROGRAM, eventually

SMALL = "test:?size=640x360&fps=15"


def header(path):
    with open(path, "rb") as file:
        return file.readline().decode().split()


def count(path, width=640, height=360):
    """How many pictures a file has until now."""
    return path.stat().st_size // (6 + width * height * 3 // 2) if path.exists() else 0


@pytest.fixture(name="record")
def fixture_record(subscribe, tmp_path):
    """Starts a viewer that records; returns it and its file."""

    def record(*options):
        path = tmp_path / "out.y4m"
        return subscribe("--video", f"y4m:{path}", *options), path

    return record


@contextlib.contextmanager
def piped_viewer(server, channel):
    """A viewer whose pictures go to a pipe that the test may read; it has begun to write."""
    viewer = subprocess.Popen(
        [PROGRAM, "subscribe", "--server", server.ws, "--channel", channel, "--video", "-"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=False,
    )  # fmt: skip
    try:
        assert viewer.stdout.read(9) == b"YUV4MPEG2"
        yield viewer
    finally:
        viewer.kill()
        viewer.wait()
        viewer.stdout.close()
        viewer.stderr.close()


def test_the_rate_is_the_streams(publish, record):
    publish("--video", "test:?size=320x180&fps=5")
    viewer, path = record()
    eventually(lambda: count(path, 320, 180) >= 10)
    viewer.stop()
    assert header(path)[:3] == ["YUV4MPEG2", "W320", "H180"]
    # A machine that has too much to do yields fewer.
    assert header(path)[3] in ("F4:1", "F5:1", "F6:1")


def test_pictures_are_repeated_while_none_comes(publish, record):
    publisher = publish("--video", SMALL)
    viewer, path = record()
    eventually(lambda: count(path) >= 10)
    publisher.send_signal(signal.SIGSTOP)
    frozen = count(path)
    eventually(lambda: count(path) >= frozen + 45)
    publisher.send_signal(signal.SIGCONT)
    viewer.stop()
    lumas = [luma for luma, _, _ in read_y4m(path)]
    assert sum(numpy.array_equal(a, b) for a, b in zip(lumas, lumas[1:])) >= 30


def test_pictures_of_another_size_are_scaled_to_the_first_ones(publish, record):
    publisher = publish("--video", "front=test:?size=640x360", "--video", "rear=test:?size=320x180", "--stats")
    viewer, path = record("--stats")
    eventually(lambda: count(path) >= 10)
    publisher.write(":camera rear")
    viewer.wait_for_stats(lambda stats: stats.get("video", {}).get("width") == 320)
    before = count(path)
    eventually(lambda: count(path) >= before + 10)
    viewer.stop()
    pictures = list(read_y4m(path))
    assert header(path)[1:3] == ["W640", "H360"]
    assert all(luma.shape == (360, 640) for luma, _, _ in pictures)
    # The reference content is bright all over, whichever camera is on the air.
    assert pictures[-1][0][-40:, -40:].mean() > 30


def test_pictures_are_scaled_to_the_size_that_is_asked_for(publish, record):
    publish("--video", SMALL)
    viewer, path = record("--scale", "320x320")
    eventually(lambda: count(path, 320, 320) >= 5)
    viewer.stop()
    luma, u, _ = list(read_y4m(path))[-1]
    assert header(path)[1:3] == ["W320", "H320"]
    assert (luma[:70] == 16).all() and (luma[-70:] == 16).all() and (u[:35] == 128).all()
    assert luma[100:220].mean() > 30


def test_a_reader_who_stands_still_keeps_nobody(publish, server, channel):
    publish("--video", SMALL)
    with piped_viewer(server, channel) as viewer:
        viewer.send_signal(signal.SIGINT)
        assert viewer.wait(DEADLINE) == 0


def test_a_reader_who_goes_away_is_an_error(publish, server, channel):
    publish("--video", SMALL)
    with piped_viewer(server, channel) as viewer:
        viewer.stdout.close()
        assert viewer.wait(DEADLINE) == 1
        assert b"whoever read the video from standard output is gone" in viewer.stderr.read()
