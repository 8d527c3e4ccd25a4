"""A key frame of which one packet comes later than those behind it, as a packet does that was lost and repeated."""

import asyncio
import fractions
import functools

import av
import numpy
import pytest
from aiortc.codecs.h264 import H264Encoder
from aiortc.rtcrtpsender import RTCEncodedFrame
from old_peer import OldPeer
from pictures import read_y4m, reference_luma
from program import DEADLINE

WIDTH, HEIGHT, FPS = 640, 480, 30
INTERVAL = 20  # pictures from one key frame to the next
PICTURES = 4 * INTERVAL
HIT = 2 * INTERVAL  # the key frame that is hit
LATE = 3 / FPS  # seconds
BROKEN = 24  # levels by which a block's mean may differ from what was sent
BLOCK = 32


def draw(number):
    """The luma of a picture; each key frame begins another scene, so that what is concealed shows."""
    return reference_luma(number * 2 + number // INTERVAL * 75, WIDTH, HEIGHT).astype(numpy.uint8)


@functools.cache
def encoded(slices):
    """All pictures as RTP payloads; each picture has so many slices, on however many processors."""
    codec = av.CodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    codec.framerate, codec.time_base = fractions.Fraction(FPS), fractions.Fraction(1, FPS)
    codec.options = {"profile": "baseline", "tune": "zerolatency", "preset": "superfast", "qp": "18", "x264-params":
                     f"slices={slices}:threads=1:sliced-threads=0:scenecut=0:keyint={INTERVAL}:min-keyint={INTERVAL}"}  # fmt: skip
    found = []
    for number in range(PICTURES):
        picture = numpy.full((HEIGHT * 3 // 2, WIDTH), 128, numpy.uint8)
        picture[:HEIGHT] = draw(number)
        frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts = number
        found += [H264Encoder._packetize(H264Encoder._split_bitstream(bytes(packet))) for packet in codec.encode(frame)]
    assert len(found) == PICTURES
    return found


class LatePeer(OldPeer):
    """A robot that sends so many pictures. Of one of them some packets leave late; asking for them doesn't help."""

    def __init__(self, server, channel, slices, held, hit=HIT, pictures=PICTURES):
        super().__init__(server, "pub", channel, "H264")
        self._pictures, self._held, self._hit = encoded(slices)[:pictures], held, hit
        self._number = -1
        self._place = 0  # of the next packet in its picture
        self.done = asyncio.Event()
        self._sender = self._peer.getSenders()[0]
        self._sender._next_encoded_frame = self._next_encoded_frame
        self._sender._retransmit = self._retransmit
        self._send = self._sender.transport._send_rtp
        self._sender.transport._send_rtp = self._send_rtp
        self._began = None

    async def _next_encoded_frame(self, _codec):
        loop = asyncio.get_running_loop()
        self._began = self._began or loop.time()
        self._number += 1
        if self._number == len(self._pictures):
            self.done.set()
            await asyncio.Event().wait()
        await asyncio.sleep(max(0, self._began + self._number / FPS - loop.time()))
        self._place = 0
        return RTCEncodedFrame(self._pictures[self._number], self._number * 90000 // FPS, None)

    async def _send_rtp(self, data):
        place, self._place = self._place, self._place + 1
        if self._number == self._hit and place in self._held:
            asyncio.get_running_loop().call_later(LATE, lambda: asyncio.ensure_future(self._send(data)))
        else:
            await self._send(data)

    async def _retransmit(self, _sequence_number):
        pass


def means(luma):
    """Of each block."""
    return luma.reshape(HEIGHT // BLOCK, BLOCK, WIDTH // BLOCK, BLOCK).mean(axis=(1, 3)).ravel()


@functools.cache
def sent():
    """A row for each picture."""
    return numpy.array([means(draw(number)) for number in range(PICTURES)])


def error(luma):
    """By how much the worst block of a picture differs from that of the picture that was sent and is most like it."""
    return abs(sent() - means(luma)).max(axis=1).min()


@pytest.fixture(name="watch")
def fixture_watch(server, channel, subscribe, tmp_path):
    """Lets robots send to a viewer, one after the other; returns by how much each picture that is shown is wrong."""

    def watch(*robots):
        file = tmp_path / "out.y4m"
        subscriber = subscribe("--video", f"y4m:{file}", "--stats", "--log", "debug")

        async def drive():
            await asyncio.to_thread(subscriber.wait_for_stats, lambda stats: stats["state"] == "connected")
            for arguments in robots:
                async with LatePeer(server, channel, **arguments) as robot:
                    await robot.done.wait()
                    await asyncio.sleep(0.5)

        asyncio.run(asyncio.wait_for(drive(), DEADLINE))
        subscriber.stop()
        errors = [error(luma) for luma, _, _ in read_y4m(file)]
        broken = [round(one) for one in errors if one > BROKEN]
        print(len(errors), "pictures,", len(broken), "broken, by", broken[:3], "levels")
        print(*(line for line in subscriber.err.all() if "H.264-IDR" in line), sep="\n")
        return errors

    return watch


# Packet 0 has the parameter sets, packet 1 the begin of the first slice.
@pytest.mark.parametrize("held", [0, 1, 2])
@pytest.mark.parametrize("slices", [1, 2])
def test_no_picture_is_broken_when_a_packet_of_a_key_frame_is_late(watch, slices, held):
    errors = watch({"slices": slices, "held": [held]})
    assert max(errors) <= BROKEN
    assert len(errors) > PICTURES * 0.8


def test_no_picture_is_broken_when_the_begin_of_a_robots_first_key_frame_is_late(watch):
    before = {"slices": 2, "held": [], "pictures": INTERVAL}
    errors = watch(before, {"slices": 2, "held": [0, 1], "hit": 0, "pictures": 2 * INTERVAL})
    assert max(errors) <= BROKEN
