"""A Spider server of another make, in this process: aiortc answers the publisher, and nothing here knows of RTCPub."""

import asyncio
import contextlib
import json
import threading

import websockets
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaBlackhole


def unchanged(_offer, answer):
    return answer


class ForeignServer:
    """Serves any number of publishers on a loopback port, in a thread of its own, until it is left.

    `edit_answer(offer, answer)` gives the SDP that is sent; `fields` are in the answer to the WebSocket's handshake.
    """

    def __init__(self, edit_answer=unchanged, fields=None):
        self.offers = []
        self._edit = edit_answer
        self._fields = fields or {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._peers = []
        self._listener = None
        self.url = None

    def __enter__(self):
        self._thread.start()
        self._listener = self._run(self._listen())
        self.url = f"ws://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_):
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, task):
        return asyncio.run_coroutine_threadsafe(task, self._loop).result(60)

    async def _listen(self):
        return await websockets.serve(self._serve, "127.0.0.1", 0, extra_headers=self._fields)

    async def _close(self):
        self._listener.close()
        await self._listener.wait_closed()
        for peer, sink in self._peers:
            await sink.stop()
            await peer.close()

    async def _serve(self, socket):
        with contextlib.suppress(websockets.ConnectionClosed):
            async for text in socket:
                if text == "close":
                    return
                said = json.loads(text)
                if said["type"] == "offer":
                    answer = await self._answer(said["data"])
                    await socket.send(json.dumps({"type": "answer", "data": answer}))

    def take_peer(self, peer):
        """A publisher's peer connection, before it is answered."""

    async def _answer(self, offer):
        self.offers.append(offer)
        peer, sink = RTCPeerConnection(), MediaBlackhole()
        self._peers.append((peer, sink))
        peer.on("track", sink.addTrack)
        self.take_peer(peer)
        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        await sink.start()
        return self._edit(offer, peer.localDescription.sdp)
