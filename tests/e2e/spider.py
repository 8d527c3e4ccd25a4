"""The Spider protocol by hand, for clients that behave badly."""

import asyncio
import contextlib
import http.client
import json
import pathlib

import websockets

OFFERS = pathlib.Path(__file__).parent.parent / "fixtures" / "offers"


def offer(name="aiortc-1.4-sub"):
    """A recorded offer."""
    return (OFFERS / f"{name}.sdp").read_bytes().decode()


def message(kind, data):
    return json.dumps({"type": kind, "data": data})


def target(role, channel):
    return f"/live/ws/{role}?channel={channel}"


def request(server, path, method="GET", headers=None):
    """Status, headers and body of a plain HTTP request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with contextlib.closing(connection):
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read()


def upgrade(server, path, **headers):
    """The same for a request to open a WebSocket."""
    wanted = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
              "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    return request(server, path, headers=wanted | headers)


def connect(server, role, channel):
    return websockets.connect(server.ws + target(role, channel), max_size=None, compression=None)


async def converse(server, role, channel, texts, deadline=30):
    """Sends the texts; returns all that the server says until it closes, and its close code."""
    async with connect(server, role, channel) as socket:
        heard = []

        async def listen():
            async for text in socket:
                heard.append(text)

        with contextlib.suppress(websockets.ConnectionClosed):
            for text in texts:
                await socket.send(text)
        with contextlib.suppress(websockets.ConnectionClosed):
            await asyncio.wait_for(listen(), deadline)
        return heard, socket.close_code


def errors(heard):
    """The `error` messages among what the server said, as (code, message)."""
    parsed = [json.loads(text) for text in heard if text != "close"]
    data = [json.loads(said["data"]) for said in parsed if said["type"] == "error"]
    return [(error["code"], error["message"]) for error in data]


async def next_data(socket, kind):
    """The data of the next message of this kind."""
    async for text in socket:
        if text != "close" and json.loads(text)["type"] == kind:
            return json.loads(text)["data"]
    raise AssertionError(f"the server closed the connection without saying {kind}")


async def answer_to(socket, sdp):
    """Sends an offer; returns the answer's SDP."""
    await socket.send(message("offer", sdp))
    return await next_data(socket, "answer")


async def next_joins(socket):
    """The channel, its publishers and subscribers, when they change next."""
    joins = json.loads(await next_data(socket, "joins"))
    assert list(joins) == ["channel", "publishers", "subscribers"]
    return tuple(joins.values())
