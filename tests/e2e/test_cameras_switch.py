"""Front and rear camera on one track: switched by the robot, by a viewer, by driving."""

import json
import re

import pytest
from hardware import colour_of, machine, program_on
from pictures import read_y4m
from program import PROGRAM, Program, eventually, frames

FRONT = ("--video", "front=test:?size=640x480&fps=30&stamp")
REAR = ("--video", "rear=test:?size=320x240&fps=15")
SIZES = {"front": (640, 480), "rear": (320, 240)}


class Car:
    """A publisher with two cameras, and a viewer with the data channel by which they are switched."""

    def __init__(self, server, channel):
        common = ("--server", server.ws, "--channel", channel, "--stats")
        self.publisher = Program(PROGRAM, "publish", *FRONT, *REAR, "--auto-rear", *common)
        self.viewer = Program(PROGRAM, "subscribe", "--data", "stream", "--print-data", *common)

    def __enter__(self):
        self.publisher.wait_for_line("success")
        self.sees("front")
        return self

    def __exit__(self, *_):
        self.viewer.kill()
        self.publisher.kill()

    def sees(self, camera):
        """Waits until the viewer sees that camera move, and the publisher says that it is on the air."""
        size = SIZES[camera]
        shown = self.viewer.wait_for_stats(lambda stats: picture_size(stats) == size)
        self.viewer.wait_for_stats(
            lambda stats: picture_size(stats) == size and frames(stats) >= frames(shown) + 10
        )
        self.publisher.wait_for_stats(lambda stats: on_air(stats) == [camera])

    def told(self, start):
        """Which camera the viewer was told is on the air, from that line on."""
        said = self.viewer.wait_for(re.compile(r'^stream\t(\{"cameras":.*)$').match, start)[1]
        assert json.loads(said)["cameras"] == ["front", "rear"]
        return json.loads(said)["camera"]

    def says(self, message):
        """The viewer sends this; returns where its next lines begin."""
        start = len(self.viewer.out.all())
        self.viewer.write(f"stream\t{message}")
        return start


def picture_size(stats):
    return (stats["video"]["width"], stats["video"]["height"]) if "video" in stats else None


def on_air(stats):
    return [name for name, camera in stats["cameras"].items() if camera["on_air"]]


@pytest.fixture(name="car", scope="module")
def fixture_car(server):
    with Car(server, "car") as car:
        yield car


def test_the_stats_tell_of_both_cameras(car):
    stats = car.publisher.wait_for_stats(lambda stats: "cameras" in stats)
    assert stats["cameras"] == {"front": {"on_air": True, "live": True}, "rear": {"on_air": False, "live": True}}
    assert "cameras" not in car.viewer.stats()[-1]


def test_a_viewer_asks_which_cameras_there_are(car):
    assert car.told(car.says('{"camera":"?"}')) == "front"


def test_a_line_of_standard_input_switches(car):
    start = len(car.viewer.out.all())
    car.publisher.write(":camera rear")
    assert car.told(start) == "rear"
    car.sees("rear")
    car.publisher.write(":camera front")
    car.sees("front")


def test_an_unknown_camera_is_refused_with_the_names_that_there_are(car):
    car.publisher.write(":camera side")
    assert "front, rear" in car.publisher.wait_for_error('no camera "side"')
    car.publisher.write(":cam rear")
    car.publisher.wait_for_error("write :camera NAME")
    car.sees("front")


def test_a_viewers_message_switches(car):
    assert car.told(car.says('{"camera":"rear"}')) == "rear"
    car.sees("rear")
    assert car.told(car.says('{"camera":"front"}')) == "front"
    car.sees("front")


def test_driving_back_shows_the_rear_camera_and_forward_the_front_one(car):
    assert car.told(car.says('{"motion":{"key":"back","value":3}}')) == "rear"
    car.sees("rear")
    car.says('{"motion":{"key":"back","value":0}}')
    car.says('{"motion":{"key":"left","value":2}}')
    car.sees("rear")
    assert car.told(car.says('{"motion":{"key":"forward","value":3}}')) == "front"
    car.sees("front")


def test_what_is_no_command_changes_nothing(car):
    for text in ('{"camera":"side"}', '{"camera":7}', '{"camera":', '{"motion":{"key":"back"}}', "[" * 1000):
        car.says(text)
    assert car.told(car.says('{"camera":"?"}')) == "front"
    car.sees("front")


def test_a_hundred_switches_freeze_nothing(car):
    before = car.viewer.stats()[-1]["video"]
    for _ in range(50):
        assert car.told(car.says('{"camera":"rear"}')) == "rear"
        assert car.told(car.says('{"camera":"front"}')) == "front"
    car.sees("front")
    after = car.viewer.stats()[-1]["video"]
    assert after["freezes"] == before["freezes"]
    assert after["loss"] == 0


def test_driving_switches_nothing_unless_it_should(publish, subscribe):
    publisher = publish(*FRONT, *REAR, "--stats")
    viewer = subscribe("--video", "none", "--data", "stream", "--print-data", "--stats")
    viewer.wait_for_stats(lambda stats: stats["state"] == "connected")
    publisher.wait_for_stats(lambda stats: stats.get("viewers") == 1)
    eventually(lambda: len(publisher.stats()) >= 4)  # in its first second no robot is driven
    viewer.write('stream\t{"motion":{"key":"back","value":3}}')
    start = len(viewer.out.all())
    viewer.write('stream\t{"camera":"?"}')
    assert '"camera":"front"' in viewer.wait_for(lambda line: line.startswith('stream\t{"cameras"') and line, start)


def corner(luma):
    """The mean brightness where an insert lies."""
    height, width = luma.shape
    return luma[int(height * 0.85) : int(height * 0.95), int(width * 0.85) : int(width * 0.95)].mean()


def test_the_other_camera_is_shown_small(publish, subscribe, tmp_path):
    black = "gst:videotestsrc is-live=true pattern=black ! video/x-raw,width=640,height=480,framerate=30/1"
    white = "gst:videotestsrc is-live=true pattern=white ! video/x-raw,width=320,height=240,framerate=30/1"
    publisher = publish("--video", f"front={black}", "--video", f"rear={white}", "--pip", "rear", "--stats")
    file = tmp_path / "seen.y4m"
    viewer = subscribe("--video", f"y4m:{file}", "--stats")
    viewer.wait_for_stats(lambda stats: frames(stats) >= 30)
    publisher.write(":pip")
    publisher.wait_for_frames(20)
    viewer.wait_for_frames(40)
    viewer.stop()
    corners = [corner(luma) for luma, _, _ in read_y4m(file)]
    assert max(corners) > 200 and corners[-1] < 40
    lumas = [luma[:300].mean() for luma, _, _ in read_y4m(file)]
    assert max(lumas) < 40


# --- cameras of a machine


@pytest.fixture(name="drive")
def fixture_drive(started, server, channel):
    """Starts a publisher with two cameras on a machine; waits until it is registered."""

    def drive(variables, front, rear, *options):
        publisher = program_on(variables, "publish", "--server", server.ws, "--channel", channel, "--stats",
                               "--video", f"front={front}", "--video", f"rear={rear}", *options)  # fmt: skip
        started.append(publisher)
        publisher.wait_for_line("success")
        return publisher

    return drive


@pytest.fixture(name="watch")
def fixture_watch(subscribe, tmp_path):
    """Starts a viewer; what it returns ends it and tells the colours that it saw one after the other."""
    path = tmp_path / "seen.y4m"
    viewer = subscribe("--video", f"y4m:{path}", "--stats", "--data", "stream")

    def colours():
        viewer.stop()
        seen = [colour_of(picture) for picture in read_y4m(path)]
        return [colour for colour, before in zip(seen, [None, *seen]) if colour != before]

    return viewer, colours


def switch(publisher, viewer, camera):
    """Waits until the viewer has seen some pictures of the camera now on the air."""
    publisher.write(f":camera {camera}")
    publisher.wait_for_stats(lambda stats: on_air(stats) == [camera])
    viewer.wait_for_frames(45)


def test_a_jetsons_cameras_are_switched(drive, watch):
    viewer, colours = watch
    publisher = drive(machine(), "csi:0", "csi:1")
    viewer.wait_for_stats(lambda stats: frames(stats) >= 20)
    switch(publisher, viewer, "rear")
    switch(publisher, viewer, "front")
    assert colours() == ["yellow", "magenta", "yellow"]


@pytest.mark.parametrize("first", ["raw", "encoded"])
def test_a_raw_camera_and_one_that_encodes_itself_take_turns(drive, watch, first):
    viewer, colours = watch
    cameras = [("v4l2:/dev/video0?size=1280x720", "red"), ("v4l2:/dev/video4?size=1280x720", "blue")]
    if first == "encoded":
        cameras.reverse()
    publisher = drive(machine(), cameras[0][0], cameras[1][0])
    viewer.wait_for_stats(lambda stats: frames(stats) >= 20)
    switch(publisher, viewer, "rear")
    switch(publisher, viewer, "front")
    assert colours() == [cameras[0][1], cameras[1][1], cameras[0][1]]


def test_a_lost_camera_is_told_of_and_leaves_the_air_to_the_other(drive, watch):
    viewer, colours = watch
    lost = machine(v4l2src="frames=60,then=error,on=/dev/video0")
    publisher = drive(lost, "v4l2:/dev/video0?size=640x480", "v4l2:/dev/video2?size=640x480")
    told = publisher.wait_for_stats(lambda stats: not stats["cameras"]["front"]["live"])
    assert told["cameras"]["front"]["on_air"] is True
    assert told["cameras"]["front"]["reason"]
    assert told["cameras"]["rear"] == {"on_air": False, "live": True}
    switch(publisher, viewer, "rear")
    assert colours() == ["red", "green"]


def test_options_that_do_not_go_together_are_refused_in_words(start, server, channel):
    common = ("publish", "--server", server.ws, "--channel", channel)
    for options, words in (
        (("--video", "test:", "--auto-rear"), "--auto-rear needs two cameras"),
        ((*FRONT, *REAR, "--pip", "side"), "there is none 'side'"),
        ((*FRONT, *FRONT), 'there is a camera "front" already'),
        ((*FRONT, "--video", "nowhere=what:"), "what"),
    ):
        program = start(*common, *options)
        assert program.wait_for_exit() == 1, program.describe()
        assert words in "\n".join(program.complaints())
        assert len(program.complaints()) == 1, program.describe()
