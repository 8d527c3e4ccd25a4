"""Who publishes on a channel and who watches: newcomers, strangers, and those that leave or vanish."""

import asyncio
import json
import re
import signal
import time

import pytest
from program import eventually, frames, parse_stats
from spider import answer_to, connect, converse, errors, message, next_data, next_joins, offer, request

TINY = "test:?size=320x240&fps=15"
PUBLISHER_OFFER = "chromium-156-pub"


def listed(server, channel):
    """A channel's entry in the API; None when it has none."""
    channels = json.loads(request(server, "/api/channels")[2])["channels"]
    return next((entry for entry in channels if entry["id"] == channel), None)


def with_another_ufrag(sdp):
    return re.sub(r"a=ice-ufrag:\S+", "a=ice-ufrag:another", sdp)


# --- Who publishes


def test_an_offer_alone_throws_no_robot_off_its_channel(server, publish, subscribe, channel):
    robot = publish("--video", TINY, "--stats")
    viewer = subscribe("--stats")
    viewer.wait_for_frames(15)
    first = len(viewer.stats())
    heard, _ = asyncio.run(converse(server, "pub", channel, [message("offer", offer(PUBLISHER_OFFER))]))
    assert json.loads(heard[0])["type"] == "answer"
    assert errors(heard) == [("media-lost", "nothing came from it")]
    viewer.wait_for_frames(15)
    assert {stats["state"] for stats in viewer.stats()[first:]} == {"connected"}
    assert robot.running()
    assert listed(server, channel)["publisher"]["connected"]


def test_a_newcomer_takes_the_channel_when_its_media_stand_and_the_robot_before_is_told(server, publish, subscribe):
    first = publish("--video", TINY, "--data", "metric")
    viewer = subscribe("--stats", "--data", "stream")
    viewer.wait_for_frames(15)
    second = publish("--video", TINY, "--data", "stream", "--print-data", "--stats")
    assert first.wait_for_exit() == 1
    first.wait_for_error("a newer publisher took channel")
    viewer.wait_for_frames(30)
    second.wait_for_stats(lambda stats: stats.get("viewers") == 1)
    viewer.write("stream\tfor the new one")
    second.wait_for_line("stream\tfor the new one")


def test_two_offers_at_once_are_answered_in_their_order(server, channel):
    async def talk():
        async with connect(server, "pub", channel) as socket:
            first = offer(PUBLISHER_OFFER)
            for sdp in (first, with_another_ufrag(first)):
                await socket.send(message("offer", sdp))
            answers = [await next_data(socket, "answer") for _ in range(2)]
            return answers, listed(server, channel)

    answers, entry = asyncio.run(talk())
    first, second = (re.search(r"a=ice-ufrag:(\S+)", answer)[1] for answer in answers)
    assert first != second, "the second restarts ICE of the first"
    assert entry["publisher"] is not None


@pytest.mark.parametrize("role", ["pub", "sub"])
def test_a_refused_second_offer_leaves_the_first_one_its_place(server, channel, role):
    good = offer(PUBLISHER_OFFER if role == "pub" else "chromium-156-sub")

    async def talk():
        heard, code = await converse(server, role, channel, [message("offer", good), message("offer", "v=0")])
        entry = listed(server, channel)
        async with connect(server, role, channel) as socket:
            return heard, code, entry, await answer_to(socket, good)

    heard, code, entry, again = asyncio.run(talk())
    kinds = [json.loads(text)["type"] if text != "close" else text for text in heard]
    assert [kind for kind in kinds if kind != "joins"] == ["answer", "error", "close"]
    assert [kind for kind, _ in errors(heard)] == ["bad-offer"]
    assert code == 1000
    assert (entry["publisher"] is not None, entry["subscribers"]) == ((True, 0) if role == "pub" else (False, 1))
    # It may come back to what it had.
    answer = json.loads(heard[kinds.index("answer")])["data"]
    assert re.findall(r"a=ice-ufrag:\S+", again) == re.findall(r"a=ice-ufrag:\S+", answer)


def test_a_refused_first_offer_gives_no_place(server, channel):
    heard, _ = asyncio.run(converse(server, "pub", channel, [message("offer", "v=0")]))
    assert [kind for kind, _ in errors(heard)] == ["bad-offer"]
    assert listed(server, channel) is None


def test_a_newcomer_is_told_who_is_there_when_it_has_the_channel(server, publish, channel):
    publish("--video", TINY)

    async def talk():
        async with connect(server, "pub", channel) as stranger, connect(server, "sub", channel) as viewer:
            await answer_to(stranger, offer(PUBLISHER_OFFER))
            await answer_to(viewer, offer("chromium-156-sub"))
            assert await next_joins(viewer) == (channel, 1, 1)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(next_joins(stranger), 1)

    asyncio.run(talk())


# --- Who watches


@pytest.fixture(name="watched")
def fixture_watched(publish, subscribe):
    """A robot that prints how many watch it, and its viewer."""
    robot = publish("--video", TINY, "--data", "metric", "--print-data", "--stats")
    robot.wait_for_line(":viewers 0")
    viewer = subscribe("--stats")
    robot.wait_for_line(":viewers 1")
    viewer.wait_for_stats(lambda stats: frames(stats) >= 15)
    return robot, viewer


def told(robot, line, change):
    """How long it took the robot to be told, in seconds."""
    before = len(robot.out.all())
    began = time.monotonic()
    change()
    robot.wait_for_line(line, before)
    took = time.monotonic() - began
    robot.wait_for_stats(lambda stats: f":viewers {stats.get('viewers')}" == line)
    return took


def test_a_viewer_that_leaves_is_told_to_the_robot_at_once(watched):
    robot, viewer = watched
    assert told(robot, ":viewers 0", viewer.stop) < 2


def test_a_viewer_that_is_killed_is_told_to_the_robot(watched):
    robot, viewer = watched
    assert told(robot, ":viewers 0", viewer.kill) < 8


def test_a_viewer_that_hangs_is_none_until_it_goes_on(watched):
    robot, viewer = watched
    assert told(robot, ":viewers 0", lambda: viewer.send_signal(signal.SIGSTOP)) < 8
    assert told(robot, ":viewers 1", lambda: viewer.send_signal(signal.SIGCONT)) < 8
    viewer.wait_for_frames(15)


def test_a_line_of_stats_follows_at_once_when_the_number_of_viewers_changes(watched):
    robot, viewer = watched
    before = len(robot.out.all())
    viewer.stop()
    robot.wait_for_line(":viewers 0", before)
    told_at = robot.out.all().index(":viewers 0", before)
    assert robot.wait_for(parse_stats, told_at)["viewers"] == 0


def test_a_viewer_with_nothing_to_say_stays(server, publish, subscribe):
    robot = publish("--data", "metric", "--print-data")
    subscribe("--video", "none", "--data", "metric")
    robot.wait_for_line(":viewers 1")
    time.sleep(6)
    assert [line for line in robot.out.all() if line.startswith(":")] == [":viewers 0", ":viewers 1"]


def test_a_robot_that_is_killed_leaves_its_channel_soon(server, publish, channel):
    robot = publish("--video", TINY, "--stats")
    robot.wait_for_stats(lambda stats: stats["state"] == "connected")
    robot.kill()
    assert listed(server, channel)
    began = time.monotonic()
    eventually(lambda: listed(server, channel) is None)
    assert time.monotonic() - began > 10, "its network may have been away for a moment"
