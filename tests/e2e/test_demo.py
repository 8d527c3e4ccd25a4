"""`rtcpub demo`: server and publisher in one, for those who just installed it."""

import json
import re
import urllib.request

import pytest
from program import PROGRAM, Program, eventually, frames


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


def test_a_subscriber_sees_its_picture_and_telemetry_and_gets_its_words_back(demo, address, start):
    server = address.replace("http", "ws").split("/?")[0]
    subscriber = start("subscribe", "--server", server, "--channel", "demo", "--data", "metric", "--data", "stream",
                       "--stats", "--print-data")  # fmt: skip
    stats = subscriber.wait_for_stats(lambda stats: frames(stats) >= 30 and "latency_ms" in stats)
    assert (stats["video"]["width"], stats["video"]["height"]) == (1280, 720)
    subscriber.wait_for(re.compile(r'metric\t{"wheel":').match)
    subscriber.write('stream\t{"motion":{"key":"forward","value":5}}')
    demo.wait_for_line('stream\t{"motion":{"key":"forward","value":5}}')
    subscriber.wait_for_line('metric\t{"motion":{"key":"forward","value":5}}')


def test_it_stops_within_a_second(demo, address):
    assert address
    code, seconds = demo.stop()
    assert code == 0, demo.describe()
    assert seconds < 1.0
