"""The main job with our own programs: a robot publishes, the server relays, viewers watch and talk back."""

import asyncio
import itertools
import re
import signal
import time

import numpy
import pytest
from pictures import draw_stamp, read_stamp, read_y4m, reference_luma, stamped_numbers, write_y4m
from program import PROGRAM, Program, frames
from spider import answer_to, connect, next_joins, offer

STAMPED = "test:?size=640x480&fps=30&stamp"
SMALL = "test:?size=512x128&fps=30&stamp"
TINY = "test:?size=320x240&fps=15"
MOST_BYTES = 256 * 1024


def connected(stats):
    return stats["state"] == "connected"


# --- one session that many tests look at


class Session:
    """A publisher and a subscriber with picture and data on a channel of their own."""

    def __init__(self, server, channel):
        self.channel = channel
        common = ("--server", server.ws, "--channel", channel, "--data", "metric", "--data", "stream", "--print-data",
                  "--stats")  # fmt: skip
        self.publisher = Program(PROGRAM, "publish", "--video", STAMPED, *common)
        self.subscriber = Program(PROGRAM, "subscribe", *common)

    def __enter__(self):
        self.publisher.wait_for_line("success")
        self.subscriber.wait_for_stats(lambda stats: frames(stats) >= 30 and "latency_ms" in stats)
        return self

    def __exit__(self, *_):
        self.subscriber.kill()
        self.publisher.kill()


@pytest.fixture(name="session", scope="module")
def fixture_session(server):
    with Session(server, "session") as session:
        yield session


def assert_shape(stats, keys, more=()):
    """The documented line, fields in their order; what does not apply is left out."""
    assert list(stats) == keys
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", stats["time"])
    video = stats["video"]
    assert list(video) == ["codec", "width", "height", "fps", "kbps", "frames", "freezes", "loss", *more]
    assert video["codec"] == "H264"
    assert (video["width"], video["height"]) == (640, 480)
    assert isinstance(video["fps"], float) and 20 < video["fps"] < 40
    assert isinstance(video["kbps"], int) and 50 < video["kbps"] < 4000
    assert isinstance(video["frames"], int) and isinstance(video["freezes"], int)
    assert isinstance(video["loss"], float) and video["loss"] == 0
    assert 0 < stats["rtt_ms"] < 500
    assert list(stats["data"]) == ["metric", "stream"]
    assert list(stats["data"]["metric"]) == ["sent", "received"]


def test_a_line_of_stats_has_the_documented_shape(session):
    received = session.subscriber.wait_for_stats(lambda stats: "rtt_ms" in stats and stats["video"]["fps"] > 20)
    assert_shape(received, ["time", "state", "reason", "video", "rtt_ms", "latency_ms", "data", "viewers"], more=["decode_ms"])
    assert list(received["latency_ms"]) == ["p50", "p95", "p99"]
    assert 0 < received["latency_ms"]["p50"] <= received["latency_ms"]["p95"] <= received["latency_ms"]["p99"] < 1000
    sent = session.publisher.wait_for_stats(lambda stats: "rtt_ms" in stats and stats["video"]["fps"] > 20)
    assert_shape(sent, ["time", "state", "reason", "video", "rtt_ms", "estimate_kbps", "data", "viewers"], more=["encoder"])
    assert sent["video"]["encoder"]


def test_data_goes_both_ways_as_it_was_written(session):
    for text in ("hi metric", '{"ir":{"key":"detectTime","value":1639.25}}', "Grüße, 안녕하세요 🤖", "tab\there", " "):
        session.publisher.write(f"metric\t{text}")
        session.subscriber.wait_for_line(f"metric\t{text}")
        session.subscriber.write(f"stream\t{text}")
        session.publisher.wait_for_line(f"stream\t{text}")


def test_a_thousand_messages_arrive_in_order(session):
    for first in range(0, 1000, 100):
        for number in range(first, first + 100):
            session.publisher.write(f"metric\tnumber {number}")
        session.subscriber.wait_for_line(f"metric\tnumber {first + 99}")
    heard = [line for line in session.subscriber.out.all() if line.startswith("metric\tnumber")]
    assert heard == [f"metric\tnumber {number}" for number in range(1000)]


@pytest.mark.parametrize("size", [1200, 16 * 1024, 65536, MOST_BYTES])
def test_a_large_message_arrives_whole_in_both_directions(session, size):
    text = "".join(itertools.islice(itertools.cycle("0123456789abcdef-"), size))
    session.publisher.write(f"metric\t{text}")
    session.subscriber.wait_for_line(f"metric\t{text}")
    session.subscriber.write(f"stream\t{text}")
    session.publisher.wait_for_line(f"stream\t{text}")


def test_a_message_over_the_limit_is_refused_in_words_and_the_channel_goes_on(session):
    session.publisher.write("metric\t" + "x" * (MOST_BYTES + 1))
    session.publisher.wait_for_error("262144 bytes is the most")
    session.publisher.write("metric\tstill here")
    session.subscriber.wait_for_line("metric\tstill here")


def test_lines_that_are_no_messages_are_refused_in_words(session):
    session.publisher.write("no tab in this line")
    session.publisher.wait_for_error("has no tab")
    session.publisher.write("brake\tnow")
    session.publisher.wait_for_error("no data channel 'brake'")


def test_a_late_joiner_sees_the_picture_and_nobody_else_is_disturbed(session, subscribe):
    before = session.subscriber.stats()[-1]["video"]["freezes"]
    late = subscribe("--stats", "--data", "metric", "--print-data", on=session.channel)
    late.wait_for_stats(lambda stats: frames(stats) >= 30)
    session.publisher.write("metric\tfor all")
    late.wait_for_line("metric\tfor all")
    session.subscriber.wait_for_line("metric\tfor all")
    assert session.subscriber.stats()[-1]["video"]["freezes"] == before


def test_the_publisher_is_told_how_many_watch(session, subscribe):
    session.publisher.wait_for_stats(lambda stats: stats.get("viewers") == 1)
    second = subscribe("--video", "none", "--stats", on=session.channel)
    session.publisher.wait_for_stats(lambda stats: stats.get("viewers") == 2)
    second.stop()
    session.publisher.wait_for_stats(lambda stats: stats.get("viewers") == 1)


# --- codecs


@pytest.mark.parametrize("codec", ["vp8", "vp9"])
def test_each_codec_arrives_decoded_with_its_name_and_delay(publish, subscribe, codec):
    publish("--video", STAMPED, "--codec", codec)
    stats = subscribe("--stats").wait_for_stats(lambda stats: frames(stats) >= 30 and "latency_ms" in stats)
    assert stats["video"]["codec"] == codec.upper()
    assert 0 < stats["latency_ms"]["p50"] < 1000


def test_a_publisher_with_another_codec_needs_no_new_subscriber(publish, subscribe):
    subscriber = subscribe("--stats")
    for codec in ("vp8", "h264", "vp9"):
        publisher = publish("--video", TINY, "--codec", codec)
        subscriber.wait_for_stats(lambda stats, codec=codec: stats.get("video", {}).get("codec") == codec.upper())
        subscriber.wait_for_frames(15)
        publisher.stop()
    assert subscriber.running()


def test_a_subscriber_can_ask_for_one_codec(publish, subscribe):
    publish("--video", TINY, "--codec", "vp8")
    assert subscribe("--codec", "vp8", "--stats").wait_for_frames(15)["video"]["codec"] == "VP8"
    other = subscribe("--codec", "h264", "--stats")
    other.wait_for_stats(connected)
    assert all("video" not in stats for stats in other.stats())


# --- who comes and goes


def test_a_subscriber_may_come_before_the_publisher(publish, subscribe):
    subscriber = subscribe("--stats", "--data", "metric", "--print-data")
    assert "video" not in subscriber.wait_for_stats(connected)
    publisher = publish("--video", TINY, "--data", "metric")
    subscriber.wait_for_frames(15)
    publisher.write("metric\thello")
    subscriber.wait_for_line("metric\thello")


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_a_restarted_publisher_keeps_its_subscribers(publish, subscribe, tmp_path, end):
    file = tmp_path / "out.y4m"
    data = ("--data", "metric", "--data", "stream", "--print-data", "--stats")
    subscriber = subscribe("--video", f"y4m:{file}", *data)
    publisher = publish("--video", SMALL, *data)
    subscriber.wait_for_frames(45)
    publisher.stop(end)
    publisher = publish("--video", SMALL, *data)
    after = subscriber.wait_for_frames(60)
    assert after["video"]["freezes"] <= 1
    publisher.write("metric\tback again")
    subscriber.wait_for_line("metric\tback again")
    subscriber.write("stream\twelcome back")
    publisher.wait_for_line("stream\twelcome back")
    assert subscriber.stop()[0] == 0

    # Two rising runs, each from its beginning, with no broken picture.
    numbers = stamped_numbers(file)
    assert None not in numbers
    falls = [at for at, (a, b) in enumerate(itertools.pairwise(numbers)) if b <= a]
    assert len(falls) == 1
    assert numbers[falls[0] + 1] < 30


def test_a_second_publisher_takes_the_channel_and_the_first_ends_in_words(publish, subscribe):
    subscriber = subscribe("--stats")
    first = publish("--video", TINY)
    subscriber.wait_for_frames(15)
    publish("--video", TINY)
    assert first.wait_for_exit() == 1
    (complaint,) = first.complaints()
    assert "a newer publisher took channel" in complaint
    subscriber.wait_for_frames(30)


def test_twenty_subscribers_watch_at_once(publish, subscribe):
    publisher = publish("--video", TINY, "--data", "metric", "--stats")
    viewers = [subscribe("--stats", "--data", "metric", "--print-data") for _ in range(20)]
    for viewer in viewers:
        viewer.wait_for_stats(lambda stats: frames(stats) >= 15)
    publisher.wait_for_stats(lambda stats: stats.get("viewers") == 20)
    publisher.write("metric\tto everyone")
    for viewer in viewers:
        viewer.wait_for_line("metric\tto everyone")


# --- what the options do


def test_decoded_pictures_are_written_as_they_were_drawn(publish, subscribe, tmp_path):
    file = tmp_path / "out.y4m"
    publish("--video", STAMPED)
    subscriber = subscribe("--video", f"y4m:{file}", "--stats")
    subscriber.wait_for_frames(60)
    assert subscriber.stop()[0] == 0
    last = 0
    count = 0
    for luma, _, _ in read_y4m(file):
        assert luma.shape == (480, 640)
        number, _ = read_stamp(luma)
        assert number >= last or count == 0
        last = number
        count += 1
        # Below the stamp and above the noise block; coding loses a little.
        drawn = reference_luma(number % 300, 640, 480)[48:180]
        assert numpy.abs(luma[48:180].astype(int) - drawn).mean() < 12
    assert count >= 60


def test_pictures_go_to_standard_output_too(publish, start, server, channel):
    publish("--video", SMALL)
    subscriber = start("subscribe", "--server", server.ws, "--channel", channel, "--video", "-")
    subscriber.wait_for(lambda line: line.startswith("YUV4MPEG2 W512 H128 F"))


def test_a_subscriber_without_video_gets_data_only(session, subscribe):
    subscriber = subscribe("--video", "none", "--data", "metric", "--stats", "--print-data", on=session.channel)
    subscriber.wait_for_stats(connected)
    session.publisher.write("metric\tno picture needed")
    subscriber.wait_for_line("metric\tno picture needed")
    subscriber.wait_for_stats(lambda stats: stats["data"]["metric"]["received"] == 1)
    assert all("video" not in stats for stats in subscriber.stats())


def test_a_label_that_a_peer_did_not_open_is_opened_for_it(publish, subscribe):
    """A publisher without `stream` still gets what viewers send there, but has no use for it."""
    publisher = publish("--data", "metric", "--stats")
    subscriber = subscribe("--video", "none", "--data", "metric", "--data", "stream", "--stats", "--print-data")
    subscriber.wait_for_stats(connected)
    subscriber.write("stream\tnobody listens")
    publisher.write("metric\tstill well")
    subscriber.wait_for_line("metric\tstill well")
    assert publisher.running()


def test_a_subscriber_ends_by_itself_after_its_duration(publish, subscribe):
    publish("--video", TINY)
    subscriber = subscribe("--duration", "2.5", "--stats")
    assert subscriber.wait_for_exit() == 0
    assert len(subscriber.stats()) == 2
    assert subscriber.complaints() == []


def test_a_publisher_keeps_to_its_bitrate(publish, subscribe):
    publish("--video", "test:?size=640x480&fps=30", "--bitrate", "300k")
    subscriber = subscribe("--stats")
    subscriber.wait_for_frames(90)
    assert subscriber.stats()[-1]["video"]["kbps"] < 450


# --- sources


def test_a_file_is_published_in_a_loop(publish, subscribe, tmp_path):
    def draw(number):
        luma = reference_luma(number * 10, 512, 128)
        draw_stamp(luma, number, 0)
        return luma

    clip, file = tmp_path / "clip.y4m", tmp_path / "out.y4m"
    write_y4m(clip, 512, 128, map(draw, range(30)))
    subscriber = subscribe("--video", f"y4m:{file}", "--stats")
    publish("--video", f"file:{clip}")
    subscriber.wait_for_frames(80)
    assert subscriber.stop()[0] == 0
    numbers = stamped_numbers(file)
    assert None not in numbers
    assert set(numbers) == set(range(30))
    assert sum(b <= a for a, b in itertools.pairwise(numbers)) >= 2


def test_a_pipelines_pictures_keep_their_colours(publish, subscribe, tmp_path):
    file = tmp_path / "out.y4m"
    subscriber = subscribe("--video", f"y4m:{file}", "--stats")
    publish("--video", "gst:videotestsrc is-live=true pattern=red ! video/x-raw,width=320,height=240,framerate=15/1")
    subscriber.wait_for_frames(15)
    subscriber.stop()
    luma, u, v = list(read_y4m(file))[-1]
    assert luma.shape == (240, 320)
    # Red in BT.601: 81, 90, 240.
    assert [abs(int(plane.mean()) - red) < 12 for plane, red in ((luma, 81), (u, 90), (v, 240))] == [True] * 3


def test_a_pipelines_pictures_can_be_stamped(publish, subscribe):
    publish("--video", "gst:videotestsrc is-live=true ! video/x-raw,width=640,height=480,framerate=30/1?stamp")
    stats = subscribe("--stats").wait_for_stats(lambda stats: frames(stats) >= 15 and "latency_ms" in stats)
    assert 0 < stats["latency_ms"]["p50"] < 1000


# --- figures


def test_stats_leaves_out_the_seconds_in_which_the_program_stood_still(publish):
    publisher = publish("--data", "metric", "--stats")
    publisher.wait_for_stats(lambda stats: stats["state"] == "connected")
    publisher.send_signal(signal.SIGSTOP)
    time.sleep(3.2)
    publisher.send_signal(signal.SIGCONT)
    times = {publisher.wait_for_stats(lambda stats: True)["time"] for _ in range(3)}
    assert len(times) > 1, "three lines at once, all of one moment"


# --- the end


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_clients_end_within_a_second_of_a_signal(server, channel, number):
    with Session(server, channel) as session:
        for client in (session.publisher, session.subscriber):
            code, seconds = client.stop(number)
            assert code == 0, client.describe()
            assert seconds < 1.0
            assert client.complaints() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_says_close_to_everyone_and_ends_within_a_second(start_server, start, number):
    server = start_server()
    connection = ("--server", server.ws, "--channel", "car", "--max-retry-time", "0")
    publisher = start("publish", *connection, "--video", TINY)
    publisher.wait_for_line("success")
    subscriber = start("subscribe", *connection, "--stats")
    subscriber.wait_for_frames(5)

    async def last_words():
        async with connect(server, "sub", "car") as socket:
            await answer_to(socket, offer())
            began = time.monotonic()
            server.send_signal(number)
            return [text async for text in socket][-1], began

    word, began = asyncio.run(last_words())
    assert word == "close"
    assert server.wait_for_exit() == 0, server.describe()
    assert time.monotonic() - began < 1.0
    for client in (publisher, subscriber):
        assert client.wait_for_exit() == 1
        (complaint,) = client.complaints()
        assert server.ws in complaint and "ended the session" in complaint


def test_joins_are_told_to_every_member(server, channel, publish, subscribe):
    async def watch():
        async with connect(server, "sub", channel) as socket:
            await answer_to(socket, offer())
            yield await next_joins(socket)
            publisher = await asyncio.to_thread(publish, "--data", "metric")
            yield await next_joins(socket)
            subscribe("--video", "none")
            yield await next_joins(socket)
            await asyncio.to_thread(publisher.stop)
            yield await next_joins(socket)

    async def told():
        return [joins async for joins in watch()]

    assert asyncio.run(told()) == [(channel, 0, 1), (channel, 1, 1), (channel, 1, 2), (channel, 0, 2)]
