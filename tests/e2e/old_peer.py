"""A robot and a viewer as the old Python program was: aiortc, Spider messages, nothing trickled."""

import asyncio
import contextlib
import fractions
import json
import re
import ssl
import time

import numpy
import websockets
from aiortc import RTCPeerConnection, RTCRtpSender, RTCSessionDescription, VideoStreamTrack
from av import VideoFrame
from pictures import draw_stamp, read_stamp, reference_luma

# "default" is what rtcbot opens for itself.
LABELS = ("default", "metric", "stream")


def sdp_update(sdp):
    """Gives every section the first one's ICE credentials, as the old program did."""
    for name in ("ice-ufrag", "ice-pwd"):
        first = re.search(rf"^a={name}:.*$", sdp, re.MULTILINE)[0].rstrip("\r")
        sdp = re.sub(rf"^a={name}:[^\r\n]*", first, sdp, flags=re.MULTILINE)
    return sdp


def ice_ufrag(sdp):
    return re.search(r"^a=ice-ufrag:(\S+)", sdp, re.MULTILINE)[1]


async def drive(robot, say, key, value):
    """Says it by `say` until an old robot is told, a 0 before: in its first second none is driven, since it may have a
    gate."""
    wanted = {"motion": {"key": key, "value": value}}
    while True:
        await say({"motion": {"key": key, "value": 0}})
        await say(wanted)
        with contextlib.suppress(asyncio.TimeoutError):
            while await asyncio.wait_for(robot.receive("stream"), 0.1) != wanted:
                pass
            return


class StampedTrack(VideoStreamTrack):
    """A moving picture with its number and time in it, 15 a second."""

    def __init__(self, width, height):
        super().__init__()
        self._size = (width, height)
        self._number = 0
        self._began = time.monotonic()

    async def recv(self):
        due = self._began + self._number / 15
        await asyncio.sleep(max(0, due - time.monotonic()))
        frame = VideoFrame.from_ndarray(self._draw(), format="yuv420p")
        frame.pts, frame.time_base = self._number * 6000, fractions.Fraction(1, 90000)
        self._number += 1
        return frame

    def _draw(self):
        width, height = self._size
        picture = numpy.full((height * 3 // 2, width), 128, numpy.uint8)
        picture[:height] = reference_luma(self._number * 2, width, height)
        draw_stamp(picture, self._number, time.monotonic_ns() // 1000)
        return picture


class OldPeer:
    """Either role; `async with` connects and hangs up."""

    def __init__(self, server, role, channel, codec, profile="", token=None):
        """`profile`: how the profile-level-id of its H264 begins; any unless told. `token` goes in the URL, since the
        old program's WebSockets had no headers of its own."""
        self._url = f"{server.wss}/live/ws/{role}?channel={channel}&vcodec={codec.lower()}"
        if token:
            self._url += f"&token={token}"
        self._peer = RTCPeerConnection()
        self._received = {label: asyncio.Queue() for label in LABELS}
        self._open = {label: asyncio.Event() for label in LABELS}
        self._channels = {label: self._open_channel(label) for label in LABELS}
        if role == "pub":
            transceiver = self._peer.addTransceiver(StampedTrack(640, 480), direction="sendrecv")
        else:
            transceiver = self._peer.addTransceiver("video", direction="recvonly")
        known = RTCRtpSender.getCapabilities("video").codecs
        mime_types = (f"video/{codec}".lower(), "video/rtx")
        transceiver.setCodecPreferences([one for one in known if one.mimeType.lower() in mime_types
                                         and one.parameters.get("profile-level-id", "").startswith(profile)])  # fmt: skip
        self._receiver = transceiver.receiver
        self._socket = None

    def _open_channel(self, label):
        channel = self._peer.createDataChannel(label)
        channel.on("open", self._open[label].set)
        channel.on("message", lambda text: self._received[label].put_nowait(json.loads(text)))
        return channel

    def edit_offer(self, sdp):
        """What goes to the server."""
        return sdp

    def edit_answer(self, sdp):
        """What is taken of the server's."""
        return sdp

    async def __aenter__(self):
        # Gathers all candidates, for each section its own.
        await self._peer.setLocalDescription(await self._peer.createOffer())
        await self._peer.setRemoteDescription(RTCSessionDescription(await self._offer(), "answer"))
        return self

    async def _offer(self):
        """The answer to its offer, by a WebSocket of its own."""
        unverified = ssl.create_default_context()
        unverified.check_hostname = False
        unverified.verify_mode = ssl.CERT_NONE
        offer = sdp_update(self._peer.localDescription.sdp)
        assert "DTLS/SCTP 5000" in offer
        offer = self.edit_offer(offer)
        self._socket = await websockets.connect(self._url, ssl=unverified)
        await self._socket.send(json.dumps({"type": "offer", "data": offer}))
        return await self._answer()

    async def cut(self):
        """Breaks the WebSocket off, without a farewell; the media goes on."""
        self._socket.transport.abort()
        await self._socket.wait_closed()

    async def leave(self):
        """Closes the WebSocket on purpose; says nothing more."""
        await self._socket.close()

    async def rejoin(self):
        """Makes the same offer by another WebSocket; whether the server knows who it is."""
        known = ice_ufrag(self._peer.remoteDescription.sdp)
        return ice_ufrag(await self._offer()) == known

    async def _answer(self):
        async for text in self._socket:
            said = json.loads(text)
            assert said["type"] != "error", said
            if said["type"] == "answer":
                return self.edit_answer(said["data"])
        raise AssertionError("no answer came")

    async def __aexit__(self, *_):
        await self._peer.close()
        if self._socket:
            await self._socket.close()

    async def last_word(self):
        """The error with which the server ends the session."""
        async for text in self._socket:
            said = json.loads(text) if text != "close" else {}
            if said.get("type") == "error":
                return json.loads(said["data"])
        raise AssertionError("the server closed without a word")

    async def notice(self):
        """The next thing that the server lets it know."""
        async for text in self._socket:
            said = json.loads(text)
            if said["type"] == "notice":
                return json.loads(said["data"])
        raise AssertionError("the server closed without a notice")

    async def send(self, label, value):
        await self._open[label].wait()
        self._channels[label].send(json.dumps(value))

    async def say(self, value):
        """Where old viewers drive."""
        await self.send("stream", value)

    async def send_protocol(self, label, protocol, data):
        """Bytes under an SCTP payload protocol identifier of one's own choice."""
        await self._open[label].wait()
        await self._peer.sctp._send(self._channels[label].id, protocol, data)  # pylint: disable=protected-access

    async def receive(self, label):
        """The next message on that channel."""
        return await self._received[label].get()

    async def next_frame_number(self):
        """The number in the next picture that carries one."""
        while True:
            frame = await self._receiver.track.recv()
            if stamp := read_stamp(frame.to_ndarray(format="yuv420p")[:32]):
                return stamp[0]
