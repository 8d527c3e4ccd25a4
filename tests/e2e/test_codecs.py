"""Viewers that can't take what the robot sends: they are told, and it ends by itself."""

import asyncio
import json

import pytest
from old_peer import OldPeer
from program import DEADLINE, eventually
from spider import request

VIDEO = "test:?size=320x240&fps=15"


def lacking(server, channel):
    """What the API says of viewers that see nothing."""
    channels = json.loads(request(server, "/api/channels")[2])["channels"]
    return next((entry.get("viewers_without_codec") for entry in channels if entry["id"] == channel), None)


def complaints(program):
    return [line for line in program.err.all() if "no picture" in line]


@pytest.fixture(name="robot")
def fixture_robot(publish):
    return lambda *options: publish("--video", VIDEO, "--stats", *options)


def test_a_viewer_is_told_what_is_sent_and_what_it_takes_until_that_changes(server, channel, robot, subscribe):
    robot("--codec", "h264")
    viewer = subscribe("--codec", "vp8", "--stats")
    told = viewer.wait_for_stats(lambda stats: "codec_mismatch" in stats)
    assert told["codec_mismatch"] == {"sent": "H264 Constrained Baseline (42e0)", "taken": ["VP8"], "viewers": 1}
    assert told["state"] == "connected"
    assert "H264 Constrained Baseline (42e0)" in told["reason"] and "VP8" in told["reason"]
    eventually(lambda: lacking(server, channel) == [{"sent": "H264 Constrained Baseline (42e0)", "taken": ["VP8"]}])

    robot("--codec", "vp8")  # takes the channel
    viewer.wait_for_frames(10)
    assert "codec_mismatch" not in viewer.wait_for_stats(
        lambda stats: stats.get("video", {}).get("codec") == "VP8"
    )
    eventually(lambda: lacking(server, channel) is None)
    assert len(complaints(viewer)) == 1 and "leave out --codec" in complaints(viewer)[0]


def test_a_robot_whose_codec_is_fixed_says_what_to_type(robot, subscribe):
    publisher = robot("--codec", "h264")
    subscribe("--codec", "vp8")
    told = publisher.wait_for_stats(lambda stats: "codec_mismatch" in stats)
    assert told["codec_mismatch"]["viewers"] == 1 and "a viewer sees no picture" in told["reason"]
    assert eventually(lambda: complaints(publisher))[0].endswith("give --codec vp8 for them")


def test_a_robot_whose_video_comes_encoded_says_what_to_type(publish, subscribe):
    pipeline = "gst:videotestsrc is-live=true ! x264enc tune=zerolatency key-int-max=15 ! video/x-h264,profile=baseline"
    publisher = publish("--video", pipeline, "--stats")
    subscribe("--codec", "vp8")
    assert eventually(lambda: complaints(publisher))[0].endswith("give --codec vp8 for them")
    publisher.wait_for_stats(lambda stats: stats.get("video", {}).get("encoder") == "pass-through")


def test_a_robot_whose_codec_is_open_changes_it_for_its_only_viewers(robot, subscribe):
    publisher = robot()
    viewer = subscribe("--codec", "vp8", "--stats")
    viewer.wait_for_frames(30)
    sent = publisher.wait_for_stats(lambda stats: stats.get("video", {}).get("codec") == "VP8")
    assert sent["video"]["encoder"] == "libvpx" and "codec_mismatch" not in sent
    subscribe("--stats").wait_for_frames(10)
    assert publisher.out.all().count("success") == 1
    assert not complaints(publisher)


def test_a_robot_takes_no_picture_from_a_viewer_for_another_ones_sake(robot, subscribe):
    publisher = robot()
    first = subscribe("--codec", "h264", "--stats")
    first.wait_for_frames(10)
    second = subscribe("--codec", "vp8", "--stats")
    second.wait_for_stats(lambda stats: "codec_mismatch" in stats)
    publisher.wait_for_stats(lambda stats: stats.get("codec_mismatch", {}).get("viewers") == 1)
    first.wait_for_frames(30)
    assert publisher.stats()[-1]["video"]["codec"] == "H264"
    second.stop()
    publisher.wait_for_stats(lambda stats: "codec_mismatch" not in stats)


def timed(work):
    asyncio.run(asyncio.wait_for(work, 2 * DEADLINE))


def test_baseline_is_shown_by_viewers_of_constrained_baseline(server, channel):
    async def work():
        async with OldPeer(server, "sub", channel, "H264", "42e01f") as viewer:
            async with OldPeer(server, "pub", channel, "H264", "42001f"):
                numbers = [await viewer.next_frame_number() for _ in range(10)]
                assert numbers == sorted(set(numbers))

    timed(work())


@pytest.mark.parametrize("profile", ["640032", "4d0033"])
def test_what_hardware_encoders_call_their_h264_is_shown_by_subscribe(server, channel, subscribe, profile):
    class Hardware(OldPeer):
        """Names its H264 as hardware does; aiortc knows its own two names only."""

        def edit_offer(self, sdp):
            return sdp.replace("42001f", profile)

        def edit_answer(self, sdp):
            assert profile in sdp
            return sdp.replace(profile, "42001f")

    viewer = subscribe("--stats")
    viewer.wait_for_stats(lambda stats: stats["state"] == "connected")

    async def work():
        async with Hardware(server, "pub", channel, "H264", "42001f"):
            await asyncio.to_thread(viewer.wait_for_frames, 30)

    timed(work())
