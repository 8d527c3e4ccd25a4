"""What requests may be, and what they may not: each is answered, and nobody else is disturbed."""

import contextlib
import json
import socket
import ssl
import threading
import time

import pytest
from program import eventually, frames
from spider import request

HELLO = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def raw(server, *parts, tls=False):
    """All that the server says to these bytes until it closes the connection."""
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))
        if tls:
            connection = stack.enter_context(ssl._create_unverified_context().wrap_socket(connection))
        heard = b""
        with contextlib.suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
            while block := connection.recv(65536):
                heard += block
        return heard.decode()


def status_of(heard):
    return int(heard.split()[1])


# --- Methods


@pytest.mark.parametrize("path", ["/", "/console.js", "/api/channels", "/api/access", "/healthz", "/live/ws/sub"])
def test_what_can_be_asked_for_is_told_by_options(server, path):
    status, headers, body = request(server, path, method="OPTIONS")
    assert (status, body) == (204, b"")
    assert headers["Allow"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in headers


def test_the_server_as_a_whole_tells_its_methods(server):
    heard = raw(server, b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert status_of(heard) == 204
    assert "\r\nAllow: GET, HEAD, POST, OPTIONS\r\n" in heard


@pytest.mark.parametrize(("method", "status"), [("DELETE", 405), ("PATCH", 405), ("TRACE", 405), ("BREW", 501)])
def test_other_methods_are_refused_and_the_connection_stays(server, method, status):
    heard = raw(server, f"{method} /api/channels HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
                HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))  # fmt: skip
    assert status_of(heard) == status
    assert ("\r\nAllow: GET, HEAD, OPTIONS\r\n" in heard) == (status == 405)
    assert heard.endswith('{"status":"ok"}')


def test_head_is_get_without_the_body(server):
    status, headers, body = request(server, "/api/identity", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(request(server, "/api/identity")[2])


# --- Sizes


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"X: " + b"x" * 65_536, 431),
        (b"\r\n".join(b"X%d: y" % i for i in range(129)), 431),
        (b"Authorization: Bearer " + b"x" * 1_000_000, 431),
        (b"Sec-WebSocket-Protocol: rtcpub, rtcpub.token." + b"x" * 1_000_000, 431),
        (b"Cookie: " + b"x" * 15_000, 200),
    ],
    ids=["64 KiB", "129 headers", "1 MB of token", "1 MB of subprotocol", "15 kB"],
)
def test_heads_are_bounded(server, head, status, tls):
    begin = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    heard = raw(server, begin, head, b"\r\n\r\n", tls=tls)
    assert status_of(heard) == status


def test_a_token_of_a_megabyte_in_the_address_is_refused(server):
    heard = raw(server, b"GET /api/channels?token=", b"x" * 1_000_000, b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert status_of(heard) == 414


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 5000", b"x" * 5000),
        (b"Content-Length: 99999999999", b""),
        (b"Transfer-Encoding: chunked", b"1388\r\n" + b"x" * 5000 + b"\r\n0\r\n\r\n"),
        (b"Expect: 100-continue\r\nContent-Length: 5000", b""),
    ],
    ids=["its length", "endless", "in chunks", "before it is sent"],
)
def test_bodies_are_bounded(server, head, body):
    heard = raw(server, b"POST /api/members/1/remove HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n" + body)
    assert status_of(heard) == 413


def test_a_body_is_asked_for_when_its_sender_waits(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(b"POST /api/members/0/remove HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                           b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")  # fmt: skip
        assert connection.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert status_of(connection.recv(65536).decode()) == 404


# --- Members


def members(server):
    return json.loads(request(server, "/api/members")[2])["members"]


def test_whoever_looks_after_a_channel_sees_and_removes_its_members(server, publish, subscribe, channel):
    robot = publish("--video", "test:?size=320x240&fps=15")
    stays, goes = subscribe("--stats"), subscribe("--stats")
    for viewer in (stays, goes):
        viewer.wait_for_frames(5)
    here = [member for member in members(server) if member["channel"] == channel]
    assert ["view" in member["rights"] for member in here].count(True) == 2
    assert [member.get("publishing") for member in here].count(True) == 1
    last = max(member["id"] for member in here)
    status, _, body = request(server, f"/api/members/{last}/remove", method="POST")
    assert (status, json.loads(body)) == (200, {"removed": last})
    eventually(lambda: not (stays.running() and goes.running()))
    removed, other = (stays, goes) if goes.running() else (goes, stays)
    assert removed.wait_for_exit() != 0
    assert any("removed" in line for line in removed.err.all())
    other.wait_for_frames(15)
    assert robot.running()
    assert request(server, f"/api/members/{last}/remove", method="POST")[0] == 404


@pytest.mark.parametrize(
    "head",
    [
        b"GET /api/access HTTP/1.0\r\nHost: 127.0.0.1",
        b"GET /api/access HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 203.0.113.5",
        b"GET /api/access HTTP/1.1\r\nHost: 127.0.0.1\r\nVia: 1.1 proxy",
    ],
    ids=["nginx as it comes", "X-Forwarded-For", "Via"],
)
def test_whoever_comes_by_a_proxy_that_the_server_was_not_told_of_looks_after_nothing(server, head):
    assert '"admin"' in request(server, "/api/access")[2].decode()
    heard = raw(server, head + b"\r\nConnection: close\r\n\r\n")
    assert json.loads(heard.split("\r\n\r\n")[1])["rights"] == ["publish", "view", "drive"]


def test_another_sites_page_removes_nobody(server, publish, channel):
    publish("--video", "test:?size=320x240&fps=15")
    robot = next(member["id"] for member in members(server) if member["channel"] == channel)
    status, _, body = request(server, f"/api/members/{robot}/remove", method="POST",
                              headers={"Origin": "https://elsewhere.example"})  # fmt: skip
    assert status == 403
    assert "elsewhere.example" in json.loads(body)["error"]
    assert robot in [member["id"] for member in members(server)]


# --- Floods


class Attacks:
    """Goes on until the end, each kind on connections of its own."""

    def __init__(self, server):
        self.server, self.running, self.refused = server, True, []
        kinds = [self.pipeline] * 4 + [self.slow] * 20 + [self.long_heads] * 2
        self.threads = [threading.Thread(target=kind) for kind in kinds]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.running = False
        for thread in self.threads:
            thread.join()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=1)

    def pipeline(self):
        """Requests without end; the answers are never read."""
        with self.connect() as connection:
            while self.running:
                with contextlib.suppress(TimeoutError):
                    connection.send(HELLO * 1000)

    def slow(self):
        """A body that never ends."""
        with self.connect() as connection:
            connection.sendall(b"POST /api/members/1/remove HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
            while self.running:
                with contextlib.suppress(TimeoutError):
                    self.refused.append(status_of(connection.recv(4096).decode()))
                    return
                connection.sendall(b"x")

    def long_heads(self):
        while self.running:
            assert status_of(raw(self.server, b"GET / HTTP/1.1\r\nX: ", b"x" * 65_536)) == 431


def test_attacks_disturb_nobody(server, publish, subscribe):
    publish("--video", "test:?size=320x240&fps=15")
    viewer = subscribe("--stats")
    viewer.wait_for_frames(30)
    before = server.resident_bytes()
    with Attacks(server) as attacks:
        began, first = time.monotonic(), frames(viewer.stats()[-1])
        eventually(lambda: len(attacks.refused) == 20)
        assert request(server, "/healthz")[0] == 200
        grown = server.resident_bytes() - before
        seen, seconds = frames(viewer.stats()[-1]) - first, time.monotonic() - began
    assert set(attacks.refused) == {408}
    # Far above what it would be if the attackers had their way, also on a machine that does much else.
    assert seen > 15 * (seconds - 2) * 0.5, f"{seen} frames in {seconds:.1f} s"
    assert grown < 24 * 1024 * 1024
