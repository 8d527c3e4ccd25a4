"""When a client cannot do what it is asked for: one clear sentence on standard error, exit code 1."""

import asyncio
import contextlib
import json
import re
import socket
import threading
import types

import pytest
import websockets
from program import run
from spider import message, offer

CHANNEL = ("--channel", "car", "--data", "metric")
# What might pass is tried again for ever, unless told otherwise.
ONCE = (*CHANNEL, "--max-retry-time", "0")


def assert_sentence(outcome, *parts):
    """One line for people, which says these things."""
    assert outcome.returncode == 1, outcome
    (line,) = outcome.stderr.splitlines()
    assert line.startswith("rtcpub: ")
    for part in parts:
        assert part in line


@pytest.fixture(name="free_port")
def fixture_free_port():
    """A port at which nobody listens, its `number`, until it is given back."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        yield types.SimpleNamespace(number=taken.getsockname()[1], give_back=taken.close)


@pytest.mark.parametrize("command", ["publish", "subscribe"])
def test_a_server_that_is_not_there(command, free_port):
    outcome = run(command, "--server", f"wss://127.0.0.1:{free_port.number}", *ONCE)
    assert_sentence(outcome, f"cannot reach wss://127.0.0.1:{free_port.number}", "connection refused")
    assert outcome.stdout == ""


@pytest.mark.parametrize("command", ["publish", "subscribe"])
def test_a_server_that_is_not_there_yet_is_waited_for(start, start_server, free_port, command):
    client = start(command, "--server", f"ws://127.0.0.1:{free_port.number}", *CHANNEL, "--stats")
    client.wait_for_error("connection refused")
    stats = client.wait_for_stats(lambda stats: stats["state"] == "connecting")
    assert "connection refused" in stats["reason"]
    free_port.give_back()
    start_server(listen=f"127.0.0.1:{free_port.number}")
    client.wait_for_stats(lambda stats: stats["state"] == "connected")
    assert len(client.complaints()) == 1, client.describe()


@pytest.mark.parametrize("command", ["publish", "subscribe"])
def test_a_server_that_is_not_there_is_not_waited_for_by_a_script(command, free_port):
    outcome = run(command, "--server", f"wss://127.0.0.1:{free_port.number}", *CHANNEL, "--fail-fast")
    assert_sentence(outcome, "connection refused")


def test_a_name_that_does_not_exist():
    outcome = run("subscribe", "--server", "wss://no-such-host.invalid", *ONCE)
    assert_sentence(outcome, "cannot reach wss://no-such-host.invalid:8267", "no-such-host.invalid")


@pytest.mark.parametrize("command", ["publish", "subscribe"])
def test_a_certificate_that_is_not_trusted(server, command):
    assert_sentence(run(command, "--server", server.wss, *CHANNEL), "certificate", "self-signed", "--ca")


def test_the_certificate_named_with_ca_is_trusted(server, start):
    publisher = start("publish", "--server", server.wss, *CHANNEL, "--ca", server.certificate)
    publisher.wait_for_line("success")
    publisher.stop()
    assert publisher.complaints() == []


def test_insecure_accepts_any_certificate_loudly(server, start):
    publisher = start("publish", "--server", server.wss, *CHANNEL, "--insecure")
    publisher.wait_for_line("success")
    assert "accepts any certificate" in publisher.wait_for_error("WARNING")


def test_a_ca_file_that_is_not_there(server):
    assert_sentence(run("subscribe", "--server", server.wss, *CHANNEL, "--ca", "/no/such.pem"), "/no/such.pem")


def test_a_video_without_a_scheme_is_told_all_that_there_are(server):
    outcome = run("publish", "--server", server.ws, *CHANNEL, "--video", "foo")
    assert_sentence(outcome, "'foo' does not begin with v4l2:")
    assert "sim:" in outcome.stderr


# --- servers that aren't


class Stranger:
    """Some other server, which runs in a thread."""

    def __init__(self, serve, handle):
        """`serve(handle, host, port)` begins to listen."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._do(self._open(serve, handle))
        self.url = f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _open(self, serve, handle):
        return await serve(handle, "127.0.0.1", 0)

    async def _close(self):
        self._server.close()
        await self._server.wait_closed()

    def stop(self):
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(name="stranger")
def fixture_stranger():
    """Makes a server that does this with each WebSocket."""
    strangers = []

    def make(handle):
        strangers.append(Stranger(websockets.serve, handle))
        return strangers[-1].url

    yield make
    for one in strangers:
        one.stop()


def saying(*texts):
    async def handle(client, _path):
        with contextlib.suppress(websockets.ConnectionClosed):
            await client.recv()
            for text in texts:
                await client.send(text)
            await client.wait_closed()

    return handle


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["Hello! I am no Spider server."], "does not speak the Spider protocol"),
        (["[1,2,3]"], "does not speak the Spider protocol"),
        ([message("answer", "garbage")], "answer can't be used"),
        ([message("answer", "v=0\r\n")], "answer can't be used"),
        ([message("answer", offer())], "answer can't be used"),
        (["close"], "ended the session"),
        ([message("error", json.dumps({"code": "full", "message": "no room left"})), "close"], "no room left"),
        ([message("error", json.dumps({"code": "x", "message": "\x1b[31mred"})), "close"], "red"),
        ([message("offer", "v=0\r\n")] * 2000, "before its answer"),
    ],
)
@pytest.mark.parametrize("command", ["publish", "subscribe"])
def test_a_server_that_answers_nonsense(stranger, command, texts, reason):
    url = stranger(saying(*texts))
    outcome = run(command, "--server", url, *ONCE)
    assert_sentence(outcome, url, reason)
    assert "\x1b" not in outcome.stderr


def test_a_server_that_hangs_up(stranger):
    async def hang_up(client, _path):
        await client.close()

    assert_sentence(run("publish", "--server", stranger(hang_up), *ONCE), "closed")


def test_a_server_that_never_answers(stranger):
    assert_sentence(run("publish", "--server", stranger(saying()), *ONCE), "did not answer the offer", "10 s")


def raw_server(started, reply):
    async def handle(reader, writer):
        with contextlib.suppress(ConnectionError):
            await reader.read(10)
            writer.write(reply)
            await writer.drain()
            writer.close()

    started.append(Stranger(asyncio.start_server, handle))
    return started[-1].url


@pytest.mark.parametrize("scheme", ["ws", "wss"])
@pytest.mark.parametrize(
    "reply",
    [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", bytes(range(256)) * 50],
)
def test_something_that_is_no_web_server_at_all(scheme, reply):
    started = []
    url = raw_server(started, reply).replace("ws", scheme)
    try:
        assert_sentence(run("subscribe", "--server", url, *ONCE), url)
    finally:
        started[0].stop()


def test_a_proxy_whose_server_is_away_is_waited_for(start):
    started = []
    url = raw_server(started, b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
    try:
        assert_sentence(run("subscribe", "--server", url, *CHANNEL, "--fail-fast"), "502 Bad Gateway")
        client = start("subscribe", "--server", url, *CHANNEL)
        assert "trying again" in client.wait_for_error("502 Bad Gateway")
        assert client.running()
    finally:
        started[0].stop()


# --- what is asked for


def test_nothing_to_publish(server):
    outcome = run("publish", "--server", server.ws, "--channel", "car")
    assert outcome.returncode == 2
    assert "nothing to publish" in outcome.stderr and "--video" in outcome.stderr and "--data" in outcome.stderr
    assert outcome.stdout == ""


@pytest.mark.parametrize(
    ("video", "parts"),
    [
        ("file:/no/such/clip.mp4", ["/no/such/clip.mp4"]),
        ("file:/", ["/ is not a file"]),
        (f"file:{__file__}", [__file__]),
        ("gst:nosuchelement ! fakesink", ["nosuchelement"]),
        ("gst:videotestsrc ! ! !", ["pipeline"]),
        ("gst:audiotestsrc", ["pipeline"]),
        ("gst:videotestsrc num-buffers=0", ["pipeline"]),
        ("test:?size=huge", ["size=1280x720"]),
        ("test:?size=64x64&stamp", ["512x32"]),
        ("tape:", ["test:", "file:", "gst:"]),
    ],
)
def test_a_picture_that_cannot_be_had(server, video, parts):
    outcome = run("publish", "--server", server.ws, *CHANNEL, "--video", video)
    assert_sentence(outcome, *parts)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--server", "robots.example", "--channel", "car"], "wss://"),
        (["--server", "ftp://robots.example", "--channel", "car"], "wss://"),
        (["--server", "wss://robots.example/path", "--channel", "car"], "path"),
        (["--server", "wss://robots.example:99999", "--channel", "car"], "port"),
        (["--server", "wss://robots.example", "--channel", "my car"], "A-Z a-z 0-9 _ -"),
        (["--server", "wss://robots.example", "--channel", "car", "--ice", "turn:host"], "turn:"),
        (["--server", "wss://robots.example", "--channel", "car", "--data", "rtcpub.clock"], "reserved"),
        (["--server", "wss://robots.example", "--channel", "car", "--data", "a", "--data", "a"], "already"),
    ],
)
def test_a_value_that_means_nothing(options, part):
    for command in ("publish", "subscribe"):
        assert_sentence(run(command, "--data", "metric", *options), part)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "subcommand"),
        (["fly"], "subcommand"),
        (["publish"], "--server"),
        (["publish", "--server", "wss://a"], "--channel"),
        (["publish", "--server", "wss://a", "--channel", "a", "--codec", "mpeg1"], "--codec"),
        (["publish", "--server", "wss://a", "--channel", "a", "--bitrate", "fast"], "--bitrate"),
        (["publish", "--server", "wss://a", "--channel", "a", "--ca", "x", "--insecure"], "--insecure"),
        (["subscribe", "--server", "wss://a", "--channel", "a", "--video", "avi:x"], "y4m:FILE"),
        (["subscribe", "--server", "wss://a", "--channel", "a", "--scale", "640x360"], "--video y4m:FILE"),
        (["subscribe", "--server", "wss://a", "--channel", "a", "--video", "-", "--scale", "641x360"], "WIDTHxHEIGHT"),
        (["subscribe", "--server", "wss://a", "--channel", "a", "--duration", "-1"], "--duration"),
        (["subscribe", "--server", "wss://a", "--channel", "a", "--video", "-", "--stats"], "standard output"),
        (["serve", "--colour", "red"], "--colour"),
        (["serve", "--media-port", "70000"], "--media-port"),
    ],
)
def test_options_that_do_not_exist_are_named(arguments, part):
    outcome = run(*arguments)
    assert outcome.returncode != 0
    assert part in outcome.stderr
    assert outcome.stdout == ""


@pytest.mark.parametrize("command", ["publish", "subscribe", "serve", "demo", "devices"])
def test_help_shows_an_example(command):
    outcome = run(command, "--help")
    assert outcome.returncode == 0
    assert f"  rtcpub {command} " in re.split("Examples?:", outcome.stdout)[1]


def test_help_is_a_subcommand_too():
    assert run("help").stdout == run("--help").stdout
    assert run("help", "serve").stdout == run("serve", "--help").stdout != ""
    unknown = run("help", "nonsense")
    assert unknown.returncode == 2
    assert "there is no subcommand 'nonsense'" in unknown.stderr


def test_a_file_that_cannot_be_written(server):
    outcome = run("subscribe", "--server", server.ws, *CHANNEL, "--video", "y4m:/no/such/directory/out.y4m")
    assert_sentence(outcome, "/no/such/directory/out.y4m")


# --- serve


def test_a_port_that_is_taken(server, tmp_path):
    tcp = run("serve", "--listen", f"127.0.0.1:{server.port}", "--media-port", 0, "--data-dir", tmp_path)
    assert_sentence(tcp, f"127.0.0.1:{server.port} is in use")
    udp = run("serve", "--listen", "127.0.0.1:0", "--media-port", server.media_port, "--data-dir", tmp_path)
    assert_sentence(udp, str(server.media_port))


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--tls-cert", "/no/such.pem"], "--tls-key"),
        (["--tls-cert", "/no/such.pem", "--tls-key", "/no/such.key"], "/no/such.pem"),
        (["--tls-cert", __file__, "--tls-key", __file__], __file__),
        (["--listen", "192.0.2.1:0"], "192.0.2.1"),
        (["--listen", "nonsense:port"], "nonsense:port"),
        (["--public-ip", "nonsense"], "nonsense"),
        (["--data-dir", "/proc/nothing"], "/proc/nothing"),
    ],
)
def test_a_server_that_cannot_start(options, part, tmp_path):
    defaults = {"--listen": "127.0.0.1:0", "--media-port": "0", "--data-dir": str(tmp_path)}
    defaults |= dict(zip(options[::2], options[1::2]))
    assert_sentence(run("serve", *(word for pair in defaults.items() for word in pair)), part)
