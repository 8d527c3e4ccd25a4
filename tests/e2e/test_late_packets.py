"""Key frames of which a packet comes later than those behind it, as one does that was lost and repeated, or never."""

import asyncio
import collections
import functools

import numpy
import pytest
from late_peer import HEIGHT, HIT, INTERVAL, PICTURES, WIDTH, LatePeer, draw
from pictures import read_y4m
from program import DEADLINE

BROKEN = 24  # levels by which a block's mean may differ from what was sent
BLOCK = 32

Shown = collections.namedtuple("Shown", "number error")


def means(luma):
    """Of each block."""
    return luma.reshape(HEIGHT // BLOCK, BLOCK, WIDTH // BLOCK, BLOCK).mean(axis=(1, 3)).ravel()


@functools.cache
def sent():
    """A row for each picture."""
    return numpy.array([means(draw(number)) for number in range(PICTURES)])


def judged(luma):
    """Which picture it is, the one that was sent and is most like it, and by how much its worst block differs."""
    errors = abs(sent() - means(luma)).max(axis=1)
    return Shown(int(errors.argmin()), errors.min())


def shown_by(subscriber, file):
    """The pictures that a viewer has written; it is stopped."""
    subscriber.stop()
    shown = [judged(luma) for luma, _, _ in read_y4m(file)]
    broken = [round(picture.error) for picture in shown if picture.error > BROKEN]
    print(len(shown), "pictures,", len(broken), "broken, by", broken[:3], "levels")
    print(*(line for line in subscriber.err.all() if "H.264-IDR" in line), sep="\n")
    return shown


def check(shown, intervals):
    """None is broken, and all these key frames and what follows them were seen. A busy machine leaves pictures out."""
    assert max(picture.error for picture in shown) <= BROKEN
    assert {picture.number // INTERVAL for picture in shown} == set(intervals)


@pytest.fixture(name="view")
def fixture_view(subscribe, tmp_path):
    """Starts a viewer that writes its pictures to a file."""

    def view():
        file = tmp_path / "out.y4m"
        return subscribe("--video", f"y4m:{file}", "--stats", "--log", "debug"), file

    return view


@pytest.fixture(name="watch")
def fixture_watch(server, channel, view):
    """Lets robots send to a viewer, one after the other; returns the pictures that it shows."""

    def watch(*robots):
        subscriber, file = view()

        async def drive():
            await asyncio.to_thread(subscriber.wait_for_stats, lambda stats: stats["state"] == "connected")
            for arguments in robots:
                async with LatePeer(server, channel, **arguments) as robot:
                    await robot.done.wait()
                    await asyncio.sleep(0.5)

        asyncio.run(asyncio.wait_for(drive(), DEADLINE))
        return shown_by(subscriber, file)

    return watch


# Packet 0 has the parameter sets, packet 1 the begin of the first slice.
@pytest.mark.parametrize("held", [0, 1, 2])
@pytest.mark.parametrize("slices", [1, 2])
def test_no_picture_is_broken_when_a_packet_of_a_key_frame_is_late(watch, slices, held):
    check(watch({"slices": slices, "held": [held]}), range(4))


def test_no_picture_is_broken_when_the_begin_of_a_robots_first_key_frame_is_late(watch):
    before = {"slices": 2, "held": [], "pictures": INTERVAL}
    check(watch(before, {"slices": 2, "held": [0, 1], "hit": 0, "pictures": 2 * INTERVAL}), range(2))


def test_a_robot_may_send_its_parameter_sets_once(watch):
    check(watch({"slices": 2, "held": [], "once": True}), range(4))


def test_a_robot_that_sends_its_parameter_sets_once_is_seen_again_when_a_packet_never_comes(watch):
    # From the key frame that is hit up to the next one nothing can be decoded.
    check(watch({"slices": 2, "held": [0], "lost": True, "once": True}), {0, 1, 3})


def test_a_viewer_who_comes_later_sees_a_robot_that_sends_its_parameter_sets_once(server, channel, view):
    async def drive():
        async with LatePeer(server, channel, slices=2, held=[], once=True, repeat=True) as robot:
            await asyncio.wait_for(robot.begun.wait(), DEADLINE)
            subscriber, file = view()
            await asyncio.to_thread(subscriber.wait_for_stats, lambda stats: stats.get("video", {}).get("frames", 0) > 0)
            await asyncio.sleep(1)
            return shown_by(subscriber, file)

    shown = asyncio.run(asyncio.wait_for(drive(), 2 * DEADLINE))
    assert max(picture.error for picture in shown) <= BROKEN
