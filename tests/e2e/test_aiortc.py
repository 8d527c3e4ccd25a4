"""Peers of the old program's kind: aiortc, one set of ICE credentials, legacy SCTP, no trickle."""

import asyncio
import functools
import json
import re
import signal

import pytest
from old_peer import OldPeer, drive, sdp_update
from pictures import stamped_numbers
from program import DEADLINE, eventually
from spider import offer, request


def timed(test):
    """Runs an async test to its end, or until there is no hope left."""

    @functools.wraps(test)
    def run(*arguments, **named):
        asyncio.run(asyncio.wait_for(test(*arguments, **named), 2 * DEADLINE))

    return run


def wait(function, *arguments):
    """Waits in a thread, so that the peers of this process go on."""
    return asyncio.to_thread(function, *arguments)


def test_the_peers_of_this_test_edit_their_offers_as_the_old_program_did():
    assert sdp_update(offer("aiortc-1.4-pub")) == offer("rtcpub-python-after-sdpupdate")


@pytest.mark.parametrize("codec", ["H264", "VP8"])
@timed
async def test_moving_pictures_of_an_aiortc_publisher_are_decoded(server, channel, subscribe, tmp_path, codec):
    file = tmp_path / "out.y4m"
    subscriber = subscribe("--video", f"y4m:{file}", "--stats")
    # Before the publisher: aiortc makes no H264 key frame when it is asked for one, but each 250 frames only.
    await wait(subscriber.wait_for_stats, lambda stats: stats["state"] == "connected")
    async with OldPeer(server, "pub", channel, codec):
        stats = await wait(subscriber.wait_for_stats, lambda stats: stats.get("video", {}).get("frames", 0) >= 60)
        assert stats["video"]["codec"] == codec
        assert (stats["video"]["width"], stats["video"]["height"]) == (640, 480)
        await wait(subscriber.stop)
    numbers = stamped_numbers(file)
    assert None not in numbers
    assert numbers == sorted(set(numbers))
    assert len(numbers) >= 30


@pytest.mark.parametrize("codec", ["H264", "VP8"])
@timed
async def test_an_aiortc_subscriber_decodes_moving_pictures(server, channel, start, codec):
    publisher = start("publish", "--server", server.ws, "--channel", channel, "--codec", codec,
                      "--video", "test:?size=640x480&fps=15&stamp", "--bitrate", "1M")  # fmt: skip
    await wait(publisher.wait_for_line, "success")
    async with OldPeer(server, "sub", channel, codec) as viewer:
        numbers = [await viewer.next_frame_number() for _ in range(30)]
    assert numbers == sorted(set(numbers))


class OddViewer(OldPeer):
    """With what browsers pass over, and without its H264's packetization-mode, as webrtcbin's shortest caps are."""

    def edit_offer(self, sdp):
        stray = "a=rtcp-fb:121 nack\r\na=fmtp:121 x=1\r\na=candidate:1 1 udp x\r\na=fingerprint:sha3-256 AA\r\n"
        wrong = "a=fingerprint:sha-1 " + ":".join(["11"] * 20) + "\r\n"
        sdp = sdp.replace("packetization-mode=1;", "").replace("a=setup:", stray + wrong + "a=setup:")
        return "\ufeff" + sdp + "m=audio 0 RTP/AVP\r\nm=application 50000 UDP/BFCP *\r\n\r\n"

    def edit_answer(self, sdp):
        """What aiortc takes of it."""
        assert "packetization-mode" not in sdp
        assert "m=audio 0 RTP/AVP" in sdp and "m=application 0 UDP/BFCP *" in sdp
        return sdp[: sdp.index("m=audio 0")].replace("profile-level-id", "packetization-mode=1;profile-level-id")


@timed
async def test_a_viewer_whose_offer_is_odd_gets_moving_pictures(server, channel, start):
    publisher = start("publish", "--server", server.ws, "--channel", channel, "--codec", "h264",
                      "--video", "test:?size=640x480&fps=15&stamp", "--bitrate", "1M")  # fmt: skip
    await wait(publisher.wait_for_line, "success")
    async with OddViewer(server, "sub", channel, "H264") as viewer:
        numbers = [await viewer.next_frame_number() for _ in range(30)]
    assert numbers == sorted(set(numbers))


class Impostor(OldPeer):
    """Offers the fingerprint of another certificate."""

    def edit_offer(self, sdp):
        return re.sub(r"(a=fingerprint:sha-256 )\S+", r"\g<1>" + ":".join(["22"] * 32), sdp)


@timed
async def test_a_certificate_that_is_not_the_offers_is_named_as_the_reason(server, channel):
    async with Impostor(server, "pub", channel, "VP8") as robot:
        error = await robot.last_word()
    assert error["code"] == "media-lost"
    assert "the client's certificate is not the one of its offer (certificate verify failed)" in error["message"]


@timed
async def test_an_aiortc_publisher_and_a_subscriber_exchange_data(server, channel, start):
    subscriber = start("subscribe", "--server", server.ws, "--channel", channel, "--video", "none", "--print-data",
                       "--data", "metric", "--data", "stream", "--data", "default", "--stats")  # fmt: skip
    await wait(subscriber.wait_for_stats, lambda stats: stats["state"] == "connected")
    async with OldPeer(server, "pub", channel, "VP8") as robot:
        await robot.send("metric", "hi metric")
        await wait(subscriber.wait_for_line, 'metric\t"hi metric"')
        await robot.send("default", {"lap": 1})
        await wait(subscriber.wait_for_line, 'default\t{"lap": 1}')
        await drive(robot, lambda value: wait(subscriber.write, f"stream\t{json.dumps(value)}"), "forward", 5)


@timed
async def test_a_burst_from_an_aiortc_publisher_arrives_whole(server, channel, start):
    """Its SCTP sends without regard to the receive window."""
    subscriber = start("subscribe", "--server", server.ws, "--channel", channel, "--video", "none", "--print-data",
                       "--data", "metric", "--stats")  # fmt: skip
    await wait(subscriber.wait_for_stats, lambda stats: stats["state"] == "connected")
    async with OldPeer(server, "pub", channel, "VP8") as robot:
        await robot.send("metric", "ready?")
        await wait(subscriber.wait_for_line, 'metric\t"ready?"')
        subscriber.send_signal(signal.SIGSTOP)  # the server's queue for it fills up
        for number in range(1500):
            await robot.send("metric", [number, "x" * 1000])
        await asyncio.sleep(1)
        subscriber.send_signal(signal.SIGCONT)
        await wait(subscriber.wait_for, lambda line: line.startswith("metric\t[1499,"))
    numbers = [json.loads(line[7:])[0] for line in subscriber.out.all() if line.startswith("metric\t[")]
    assert numbers == list(range(1500))


@timed
async def test_a_message_of_an_unknown_protocol_harms_nobody(server, channel, start):
    publisher = start("publish", "--server", server.ws, "--channel", channel, "--data", "stream", "--print-data")
    await wait(publisher.wait_for_line, "success")
    async with OldPeer(server, "sub", channel, "VP8") as viewer:
        await viewer.send_protocol("stream", 99, b"what is this?")
        await viewer.send("stream", "hello")
        await wait(publisher.wait_for_line, 'stream\t"hello"')
    assert server.running()


@timed
async def test_an_aiortc_subscriber_and_a_publisher_exchange_data(server, channel, start):
    publisher = start("publish", "--server", server.ws, "--channel", channel, "--data", "metric", "--data", "stream",
                      "--print-data")  # fmt: skip
    await wait(publisher.wait_for_line, "success")
    async with OldPeer(server, "sub", channel, "H264") as viewer:
        # In its first second no robot is driven: it may have a gate.
        moves = 'stream\t{"motion": {"key": "left", "value": 3}}'
        while not await wait(publisher.out.wait_for, lambda line: line == moves, 0, 0.1):
            await viewer.say({"motion": {"key": "left", "value": 0}})
            await viewer.say({"motion": {"key": "left", "value": 3}})
        await wait(publisher.write, 'metric\t{"ir":{"key":"detectTime","value":1639.25}}')
        assert await viewer.receive("metric") == {"ir": {"key": "detectTime", "value": 1639.25}}


@timed
async def test_an_aiortc_publisher_and_an_aiortc_subscriber_see_and_hear_each_other(server, channel):
    async with OldPeer(server, "pub", channel, "VP8") as robot, OldPeer(server, "sub", channel, "VP8") as viewer:
        numbers = [await viewer.next_frame_number() for _ in range(10)]
        assert numbers == sorted(set(numbers))
        await viewer.send("stream", "go")
        assert await robot.receive("stream") == "go"
        await robot.send("metric", "going")
        assert await viewer.receive("metric") == "going"


def viewers(server, channel):
    """How many the API says that the channel has; 0 without the channel."""
    channels = json.loads(request(server, "/api/channels")[2])["channels"]
    return next((entry["subscribers"] for entry in channels if entry["id"] == channel), 0)


@timed
async def test_a_viewer_whose_signalling_broke_off_goes_on_seeing_and_is_known_again(server, channel, start):
    publisher = start("publish", "--server", server.ws, "--channel", channel, "--codec", "vp8",
                      "--video", "test:?size=640x480&fps=15&stamp")  # fmt: skip
    await wait(publisher.wait_for_line, "success")
    async with OldPeer(server, "sub", channel, "VP8") as viewer:
        numbers = [await viewer.next_frame_number() for _ in range(10)]
        await viewer.cut()
        numbers += [await viewer.next_frame_number() for _ in range(30)]
        assert viewers(server, channel) == 1
        assert await viewer.rejoin()
        numbers += [await viewer.next_frame_number() for _ in range(10)]
        assert numbers == sorted(set(numbers))
        assert viewers(server, channel) == 1
        await viewer.leave()
        await wait(eventually, lambda: viewers(server, channel) == 0)


@timed
async def test_a_robot_whose_signalling_broke_off_goes_on_sending_and_is_known_again(server, channel, subscribe):
    subscriber = subscribe("--stats", "--print-data", "--data", "metric")
    await wait(subscriber.wait_for_stats, lambda stats: stats["state"] == "connected")
    async with OldPeer(server, "pub", channel, "VP8") as robot:
        await wait(subscriber.wait_for_frames, 10)
        await robot.cut()
        await wait(subscriber.wait_for_frames, 30)
        assert await robot.rejoin()
        await wait(subscriber.wait_for_frames, 10)
        await robot.send("metric", "still here")
        await wait(subscriber.wait_for_line, 'metric\t"still here"')
