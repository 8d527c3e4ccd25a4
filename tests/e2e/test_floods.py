"""Connections that come to nothing, hundreds at a time, and made anew as soon as they are cut: they keep nobody out."""

import asyncio
import contextlib
import resource
import select
import socket
import ssl
import struct
import threading
import time

import pytest
from program import Server, eventually
from spider import answer_to, connect, offer, request, target

FLOOD = 600
# A new client waits for far less; on a machine that does much else it must still come in.
WAIT = 5
BINDING = struct.pack("!HHI12s", 1, 0, 0x2112A442, b"transaction!")
UPGRADE = (
    f"GET {target('sub', 'nobody')} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
).encode()
KINDS = {
    "silent": b"",
    "half a request": b"GET /api/channels HTTP/1.1\r\nHo",
    "half a TLS handshake": b"\x16\x03\x01\x02",
    "idle": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "WebSockets without an offer": UPGRADE,
    "half a STUN packet": b"\0\x14\0\1",
    "STUN that nobody asked for": struct.pack("!H", len(BINDING)) + BINDING,
}


class Flood:
    """Runs on a thread of its own: what the server closes is replaced at once."""

    def __init__(self, port, first, sources=("127.0.0.1",)):
        self.port, self.first, self.sources = port, first, sources
        self.opened, self.open, self.poll, self.running = 0, {}, select.epoll(), True
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while self.running:
            for number, _ in self.poll.poll(0.01):
                if not self.alive(self.open[number]):
                    self.open.pop(number).close()
            with contextlib.suppress(OSError):
                for _ in range(min(100, FLOOD - len(self.open))):
                    self.add()
            time.sleep(0.01)

    @staticmethod
    def alive(connection):
        try:
            return bool(connection.recv(65536))
        except OSError:
            return False

    def add(self):
        source = self.sources[self.opened % len(self.sources)]
        connection = socket.create_connection(("127.0.0.1", self.port), 1, (source, 0))
        self.open[connection.fileno()] = connection
        self.poll.register(connection, select.EPOLLIN | select.EPOLLHUP)
        self.opened += 1
        if self.first:
            connection.sendall(self.first)

    def __enter__(self):
        eventually(lambda: self.opened >= FLOOD)
        return self

    def __exit__(self, *_):
        self.running = False
        self.thread.join()
        for connection in self.open.values():
            connection.close()
        self.poll.close()


async def join(server):
    async with connect(server, "sub", "car") as viewer:
        return await answer_to(viewer, offer())


def expect_served(server):
    for _ in range(10):
        began = time.monotonic()
        assert request(server, "/healthz")[0] == 200
        assert asyncio.run(join(server)).startswith("v=0")
        assert time.monotonic() - began < WAIT


@pytest.fixture(name="server", scope="module")
def fixture_server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("floods"))
    yield server
    assert server.running(), server.describe()
    server.kill()


@pytest.mark.parametrize("kind", KINDS)
def test_a_flood_of_one_address_keeps_nobody_out(server, kind):
    with Flood(server.port, KINDS[kind]) as flood:
        expect_served(server)
    assert flood.opened > FLOOD, "the oldest were cut"


def test_a_flood_of_many_addresses_keeps_nobody_out(server):
    with Flood(server.port, b"", [f"127.0.{i}.1" for i in range(1, 201)]):
        expect_served(server)


def test_silence_after_tls_keeps_nobody_out(server):
    context = ssl._create_unverified_context()
    with contextlib.ExitStack() as flood:
        for _ in range(300):
            plain = flood.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
            flood.enter_context(context.wrap_socket(plain))
        expect_served(server)


def test_running_out_of_descriptors_keeps_nobody_out(tmp_path):
    server = Server(tmp_path / "few")
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (100, 100))
    try:
        with Flood(server.port, b""):
            expect_served(server)
    finally:
        server.kill()
