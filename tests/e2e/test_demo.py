"""`rtcpub demo`: a server, a simulated car and its publisher in one, for those who just installed it."""

import contextlib
import json
import pathlib
import re
import threading
import urllib.request

import pytest
from pictures import read_marker, read_y4m
from program import PROGRAM, Program, drive, eventually, frames

FORWARD, HALT, RIGHT = (("forward", 10), ("forward", 0), ("right", 3))


@pytest.fixture(name="demo", scope="module")
def fixture_demo(tmp_path_factory):
    data = tmp_path_factory.mktemp("demo")
    demo = Program(PROGRAM, "demo", "--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", data)
    yield demo
    demo.kill()


@pytest.fixture(name="address", scope="module")
def fixture_address(demo):
    return demo.wait_for(re.compile(r"open (http\S+)").search)[1]


def test_it_prints_the_address_where_the_console_is_served(address):
    assert address.endswith("/?channel=demo")
    with urllib.request.urlopen(address, timeout=30) as page:
        assert b"<title>RTCPub</title>" in page.read()


def test_its_publisher_is_connected(demo, address):
    demo.wait_for_line("success")

    def connected():
        with urllib.request.urlopen(address.replace("?channel=demo", "api/channels"), timeout=30) as answer:
            (channel,) = json.loads(answer.read())["channels"]
        return channel["id"] == "demo" and channel["publisher"]["connected"]

    eventually(connected)


def server_of(address):
    return address.replace("http", "ws").split("/?")[0]


def test_a_subscriber_sees_the_road_gets_telemetry_and_its_words_back(demo, address, start):
    subscriber = start("subscribe", "--server", server_of(address), "--channel", "demo", "--data", "metric",
                       "--data", "stream", "--stats", "--print-data")  # fmt: skip
    subscriber.wait_for_stats(lambda stats: frames(stats) >= 30 and stats["video"]["width"] == 960)
    subscriber.wait_for(re.compile(r'metric\t{"car":{"kmh":0\.0,').match)
    subscriber.write("stream\thello")
    demo.wait_for_line("stream\thello")
    subscriber.wait_for_line("metric\thello")


def test_it_says_how_to_drive(demo):
    demo.wait_for(lambda line: "Take control" in line)


def test_its_car_is_a_process_of_its_own_that_ends_with_it(start, tmp_path):
    demo = start_demo(start, tmp_path)

    def car_of_demo():
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().split(b"\0")
                parent = path.with_name("stat").read_text(encoding="ascii").rpartition(")")[2].split()[1]
                if int(parent) == demo.pid and words[1:2] == [b"car"]:
                    return path.parent, words
        return None

    car, words = eventually(car_of_demo)
    assert b"sim:" in words
    demo.stop()
    assert not car.exists()


def start_demo(start, data_dir, *options):
    return start("demo", "--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", data_dir, "--log", "info",
                 *options)  # fmt: skip


def start_viewer(start, demo, *options):
    server = server_of(demo.wait_for(re.compile(r"open (http\S+)").search)[1])
    viewer = start("subscribe", "--server", server, "--channel", "demo", "--data", "metric", "--data", "stream",
                   "--print-data", "--stats", *options)  # fmt: skip
    viewer.wait_for_stats(lambda stats: frames(stats) >= 10)
    return viewer


class OldDriver:
    """Repeats SpiderCar's messages, as a program that knows of no gate: none means that it says nothing more."""

    def __init__(self, viewer):
        self._viewer = viewer
        self._says = ()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._drive)
        self._thread.start()

    def say(self, *says):
        self._says = says

    def _drive(self):
        while not self._ended.wait(0.04):
            for key, value in self._says:
                self._viewer.write(f'stream\t{json.dumps({"motion": {"key": key, "value": value}})}')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()


def begin_to_drive(driver, demo):
    """Says that it is to stand still, until the gate lets it be driven."""
    said = len(demo.err.all())
    driver.say(HALT)
    assert demo.err.wait_for(lambda line: "control: driven" in line, said), demo.describe()


def car_faster_than(kmh):
    return lambda line: (found := re.match(r'metric\t{"car":{"kmh":([\d.]+)', line)) and float(found[1]) > kmh


def test_its_car_moves_in_the_picture_as_it_is_driven_and_laps_come_on_metric(start, tmp_path):
    demo = start_demo(start, tmp_path / "data", "--video", "sim:?size=320x180")
    clip = tmp_path / "driven.y4m"
    viewer = start_viewer(start, demo, "--video", f"y4m:{clip}")
    with OldDriver(viewer) as driver:
        begin_to_drive(driver, demo)
        driver.say(FORWARD)
        viewer.wait_for(re.compile(r'metric\t{"ir":{"key":"detectTime","value":[\d.]+}}').match)  # over the line
        driver.say(FORWARD, RIGHT)
        viewer.wait_for(re.compile(r'metric\t{"car":{"kmh":[\d.]+,"steering":0\.[23]').match)
        driver.say()
        said = len(viewer.out.all())
        viewer.wait_for(re.compile(r'metric\t{"car":{"kmh":0\.0,').match, said)
    viewer.wait_for_frames(5)
    viewer.stop()
    seen = [marker for luma, _, _ in read_y4m(clip) if (marker := read_marker(luma))]
    steerings, throttles, speeds = zip(*seen)
    assert max(throttles) == 1
    assert max(steerings) == pytest.approx(0.3, abs=0.01)
    assert max(speeds) > 5
    assert seen[-1] == (0, 0, 0)


def test_its_car_is_one_that_nobody_drives_by_words_that_end(start, tmp_path):
    """One message of an old program drives for as long as a command holds, and no longer."""
    demo = start_demo(start, tmp_path / "data")
    viewer = start_viewer(start, demo)
    with OldDriver(viewer) as driver:
        begin_to_drive(driver, demo)
        driver.say(FORWARD)
        viewer.wait_for(car_faster_than(5))
        driver.say()
        said = len(viewer.out.all())
        viewer.wait_for(re.compile(r'metric\t{"car":{"kmh":0\.0,').match, said)
        # Goes on where it left off: not before it was neutral.
        driver.say(FORWARD)
        said = len(viewer.out.all())
        for _ in range(8):
            line = viewer.wait_for(re.compile(r'metric\t{"car":{"kmh":([\d.]+)').match, said)
            assert float(line[1]) == 0
            said = len(viewer.out.all())
        begin_to_drive(driver, demo)
        driver.say(FORWARD)
        viewer.wait_for(car_faster_than(5), len(viewer.out.all()))


def test_its_own_side_stops_the_car_until_it_clears_that(start, tmp_path):
    demo = start_demo(start, tmp_path / "data")
    viewer = start_viewer(start, demo)
    with OldDriver(viewer) as driver:
        begin_to_drive(driver, demo)
        driver.say(FORWARD)
        viewer.wait_for(car_faster_than(5))
        demo.write(":stop a cat on the road")
        said = len(viewer.out.all())
        viewer.wait_for(re.compile(r'metric\t{"car":{"kmh":0\.0,').match, said)
        assert demo.err.wait_for(lambda line: "a cat on the road" in line), demo.describe()
        said = len(demo.err.all())
        driver.say(HALT)
        demo.write(":clear")
        assert demo.err.wait_for(lambda line: "control: driven" in line, said), demo.describe()
        driver.say(FORWARD)
        viewer.wait_for(car_faster_than(5), len(viewer.out.all()))


def test_with_another_picture_nothing_is_driven_and_all_words_come_back(start, tmp_path):
    demo = start_demo(start, tmp_path, "--video", "test:?size=640x480&stamp")
    viewer = start_viewer(start, demo)
    viewer.wait_for_stats(lambda stats: "latency_ms" in stats)
    drive(viewer, demo, "forward", 5)
    viewer.wait_for_line('metric\t{"motion":{"key":"forward","value":5}}')
    assert not any("Take control" in line for line in demo.out.all())


def test_it_ends_when_it_is_told_to(demo, address):
    assert address
    code, _ = demo.stop()
    assert code == 0, demo.describe()
