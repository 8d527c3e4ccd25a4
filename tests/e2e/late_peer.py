"""A robot that sends ready-made H264 pictures, and some packets of one of them late or never.

    late_peer.py WSS_URL CHANNEL PICTURES HIT [PLACE…]     those packets of picture HIT leave late

It prints when it begins, in milliseconds since 1970, and ends when all is sent.
"""

import asyncio
import fractions
import functools
import sys
import time
import types

import av
import numpy
from aiortc.codecs.h264 import H264Encoder
from aiortc.rtcrtpsender import RTCEncodedFrame
from old_peer import OldPeer
from pictures import reference_luma

WIDTH, HEIGHT, FPS = 640, 480, 15
INTERVAL = 10  # pictures from one key frame to the next
PICTURES = 4 * INTERVAL
HIT = 2 * INTERVAL  # the key frame that is hit
LATE = 3 / FPS  # seconds


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


def without_parameter_sets(payloads):
    """aiortc puts them into a packet of their own, with the delimiter."""
    stap_a, sps = 24, 7
    return [one for one in payloads if one[0] & 31 != stap_a or one[3] & 31 != sps]


class LatePeer(OldPeer):
    """A robot that sends so many pictures. Of one of them some packets leave late; asking for them doesn't help.

    `lost`: they don't leave at all; `once`: only its first key frame has parameter sets; `repeat`: it goes on with its
    second key frame when it has sent all."""

    def __init__(self, server, channel, slices, held, hit=HIT, pictures=PICTURES, lost=False, once=False, repeat=False):
        super().__init__(server, "pub", channel, "H264")
        self._pictures, self._held, self._hit, self._lost = encoded(slices)[:pictures], held, hit, lost
        if once:
            self._pictures = self._pictures[:1] + [without_parameter_sets(payloads) for payloads in self._pictures[1:]]
        self._repeat = repeat
        self._number = -1  # of the picture
        self._index = -1  # of what it shows
        self._place = 0  # of the next packet in its picture
        self.done = asyncio.Event()
        self.begun = asyncio.Event()  # its first key frame is over
        self._sender = self._peer.getSenders()[0]
        self._sender._next_encoded_frame = self._next_encoded_frame
        self._sender._retransmit = self._retransmit
        self._send = self._sender.transport._send_rtp
        self._sender.transport._send_rtp = self._send_rtp
        self._began = None

    async def _next_encoded_frame(self, _codec):
        loop = asyncio.get_running_loop()
        if self._began is None:
            self._began = loop.time()
            print("begins", int(time.time() * 1000), flush=True)
        self._number += 1
        self._index += 1
        if self._index == len(self._pictures):
            self.done.set()
            if not self._repeat:
                await asyncio.Event().wait()
            self._index = INTERVAL
        if self._index == INTERVAL // 2:
            self.begun.set()
        await asyncio.sleep(max(0, self._began + self._number / FPS - loop.time()))
        self._place = 0
        return RTCEncodedFrame(self._pictures[self._index], self._number * 90000 // FPS, None)

    async def _send_rtp(self, data):
        place, self._place = self._place, self._place + 1
        if self._number == self._hit and place in self._held:
            if self._lost:
                return
            asyncio.get_running_loop().call_later(LATE, lambda: asyncio.ensure_future(self._send(data)))
        else:
            await self._send(data)

    async def _retransmit(self, _sequence_number):
        pass


async def main(url, channel, pictures, hit, *held):
    server = types.SimpleNamespace(wss=url)
    held = [int(place) for place in held]
    async with LatePeer(server, channel, 2, held, hit=int(hit), pictures=int(pictures)) as robot:
        await robot.done.wait()
        await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
