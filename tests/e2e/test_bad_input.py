"""What nobody should send: each is answered in words, and everyone else goes on undisturbed."""

import asyncio
import contextlib
import errno
import json
import re
import socket
import struct
import time

import aiortc
import pytest
import websockets
from garbage import datagrams
from program import eventually
from spider import OFFERS, answer_to, connect, converse, errors, message, next_joins, offer, request, upgrade

# Far from a leak's size, and above what allocators keep.
MOST_GROWTH = 24 * 1024 * 1024


# --- HTTP


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/nothing/here", 404, 'nothing at "/nothing/here"'),
        ("/live/ws/spy?channel=a", 404, "/live/ws/"),
        ("/live/ws/pub", 400, "the channel is missing"),
        ("/live/ws/sub?channel=", 400, "channel id is empty"),
        ("/live/ws/sub?channel=a%20b", 400, "A-Z a-z 0-9 _ - are allowed"),
        ("/live/ws/sub?channel=%ff%fe", 400, "A-Z a-z 0-9 _ - are allowed"),
        ("/live/ws/sub?channel=" + "x" * 65, 400, "64 are the limit"),
        ("/live/ws/sub?channel=%zz", 400, ""),
        ("/live/ws/pub?channel=a&brate=much", 400, "brate must be a number"),
        ("/live/ws/pub?channel=a&ktime=-1", 400, "ktime must be a number"),
        ("/live/ws/pub?channel=a&vcodec=av1", 400, "unknown codec"),
        ("/../../etc/passwd", 404, ""),
    ],
)
def test_a_bad_path_is_refused_with_the_reason_in_json(server, path, status, reason):
    answers = [upgrade(server, path)] + ([request(server, path)] if "/live" in path else [])
    for got, headers, body in answers:
        assert got == status
        assert headers["Content-Type"] == "application/json"
        assert reason in json.loads(body)["error"]


def test_a_websocket_path_without_a_websocket_says_so(server):
    status, headers, body = request(server, "/live/ws/sub?channel=a")
    assert (status, headers["Upgrade"]) == (426, "websocket")
    assert "for WebSockets" in json.loads(body)["error"]


def test_other_methods_are_refused_in_json(server):
    status, _, body = request(server, "/api/channels", method="POST")
    assert status == 405
    assert json.loads(body)["error"]


def end_sending(connection):
    """Unless the other end has cut the connection already."""
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError as error:
        if error.errno != errno.ENOTCONN:
            raise


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GARBAGE\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 100_000, b"414"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", b"431"),
        (b"POST /api/members/1/remove HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"\x16\x03\x01\xff\xffnot TLS at all" + bytes(100), b""),
        (bytes(range(256)) * 100, b""),
    ],
    ids=["garbage", "long address", "long header", "long body", "no TLS", "all bytes"],
)
def test_what_is_not_http_ends_the_connection(server, sent, status):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        heard = b""
        with contextlib.suppress(ConnectionError):
            connection.sendall(sent)
            end_sending(connection)
            while block := connection.recv(65536):
                heard += block
        assert status in heard.split(b"\r\n")[0]
    assert request(server, "/healthz")[0] == 200


# --- Spider messages


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("not JSON", "not JSON"),
        ("", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("{" + '"a":0,' * 300 + '"a":0}', "too many parts"),
        ("42", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("{}", '"type"'),
        ('{"type":5,"data":"x"}', '"type"'),
        ('{"type":"offer"}', '"data" of "offer" is missing'),
        ('{"type":"offer","data":{"sdp":"v=0"}}', '"data" of "offer" must be a string'),
        ('{"type":"candidate","data":"v=0"}', "candidate must begin with"),
        ('{"type":"candidate2","data":"[]"}', "candidate2"),
        ('{"type":"candidate2","data":"{\\"candidate\\":7}"}', "candidate2"),
        ('{"type":"candidate2","data":"{\\"candidate\\":\\"\\",\\"sdpMLineIndex\\":-1}"}', "sdpMLineIndex"),
        (message("offer", "x" * 300_000), "128 KiB"),
    ],
    ids=lambda value: value[:40],
)
def test_a_bad_message_is_answered_with_an_error_and_close(server, channel, text, reason):
    heard, code = asyncio.run(converse(server, "sub", channel, [text]))
    ((kind, words),) = errors(heard)
    assert kind == "bad-message"
    assert reason in words.replace("'", '"')
    assert heard[-1] == "close"
    assert code == 1000


@pytest.mark.parametrize(("sent", "code"), [("x" * 10_000_000, 1009), (b"\0\1\2", 1003)], ids=["big", "binary"])
def test_a_message_that_is_too_big_or_binary_closes_the_websocket_with_the_reason(server, channel, sent, code):
    _, got = asyncio.run(converse(server, "sub", channel, [sent]))
    assert got == code


def test_an_unknown_message_is_left_alone(server, channel):
    async def talk():
        async with connect(server, "sub", channel) as client:
            await client.send(message("wave", "hello"))
            await client.send(message("ping", None))
            return await answer_to(client, offer())

    assert asyncio.run(talk()).startswith("v=0")


# --- offers


def rejected(sdp):
    return re.sub(r"^(m=\w+) \d+", r"\1 0", sdp, flags=re.MULTILINE)


def unknown_codecs(sdp):
    return sdp.replace("VP8/90000", "H265/90000").replace("H264/90000", "AV1/90000")


def without_sections(sdp):
    return sdp[: sdp.index("m=")]


def without(name):
    return lambda sdp: re.sub(rf"^a={name}.*\r\n", "", sdp, flags=re.MULTILINE)


DATA_SECTION = re.compile(r"m=application.*", re.DOTALL)


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (lambda sdp: "", "bad-offer"),
        (lambda sdp: "garbage", "bad-offer"),
        (lambda sdp: "v=0\r\n" * 1000, "bad-offer"),
        (lambda sdp: sdp[:700], "bad-offer"),
        (lambda sdp: sdp.replace("m=video", "m=\0video"), "bad-offer"),
        (without_sections, "bad-offer"),
        (rejected, "bad-offer"),
        (without("ice-ufrag"), "bad-offer"),
        (without("ice-pwd"), "bad-offer"),
        (without("fingerprint"), "bad-offer"),
        (lambda sdp: unknown_codecs(DATA_SECTION.sub("", sdp)), "no-common-codec"),
    ],
    ids=["empty", "garbage", "no end", "cut off", "zero byte", "no section", "only rejected sections", "no ufrag",
         "no password", "no fingerprint", "no common codec"],
)
@pytest.mark.parametrize("role", ["pub", "sub"])
def test_a_bad_offer_is_answered_with_an_error_that_says_what_is_wrong(server, channel, role, edit, kind):
    sdp = edit(offer(f"aiortc-1.4-{role}"))
    heard, code = asyncio.run(converse(server, role, channel, [message("offer", sdp)]))
    ((got, words),) = errors(heard)
    assert got == kind, words
    assert len(words) > 10 and "\n" not in words
    assert (heard[-1], code) == ("close", 1000)


def candidate(number):
    address = f"198.51.{number >> 8}.{number & 255}"
    return f"candidate:{number} 1 udp 2130706431 {address} {1024 + number} typ host"


def with_candidates(count):
    many = "".join(f"a={candidate(number)}\r\n" for number in range(count))
    return offer().replace("a=end-of-candidates\r\n", many, 1)


def test_sixty_candidates_in_an_offer_and_a_thousand_after_it_change_nothing(server, channel):
    sdp = with_candidates(60)

    async def talk():
        async with connect(server, "sub", channel) as client:
            answer = await answer_to(client, sdp)
            for number in range(1000):
                init = json.dumps({"candidate": candidate(number), "sdpMid": "0", "sdpMLineIndex": 0})
                await client.send(message("candidate2", init))
            return answer, await next_joins(client)

    answer, joins = asyncio.run(talk())
    assert "a=candidate:" in answer and "a=end-of-candidates" in answer
    assert joins == (channel, 0, 1)


def test_an_offer_that_says_more_than_is_read_is_refused_with_the_line(server, channel):
    heard, _ = asyncio.run(converse(server, "sub", channel, [message("offer", with_candidates(100))]))
    ((kind, words),) = errors(heard)
    assert kind == "bad-offer"
    assert re.search(r"line \d+ .a=candidate:.*: more than 64 candidates in one section", words), words


@pytest.mark.parametrize("name", sorted(path.stem for path in OFFERS.glob("*.sdp")))
@pytest.mark.parametrize("role", ["pub", "sub"])
def test_every_recorded_offer_is_answered(server, channel, role, name):
    async def talk():
        async with connect(server, role, channel) as client:
            return await answer_to(client, offer(name))

    answer = asyncio.run(talk())
    assert answer.count("m=") == offer(name).count("\r\nm=")
    assert "a=ice-lite" in answer


# --- silence


def test_clients_that_say_nothing_are_closed_after_ten_seconds(server, channel):
    async def silent_websocket():
        heard, _ = await converse(server, "sub", channel, [])
        return errors(heard)

    async def silent_after_pings():
        heard, _ = await converse(server, "pub", channel, [message("ping", None)])
        return errors(heard)

    async def silent_tcp(first=b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(first)
        with contextlib.suppress(ConnectionError):
            await asyncio.wait_for(reader.read(), 30)
        writer.close()
        return []

    async def silent_media():
        """Offers, but never comes to the UDP port."""
        heard, _ = await converse(server, "sub", channel, [message("offer", offer())])
        return errors(heard)

    async def timed(task):
        began = time.monotonic()
        return await task, time.monotonic() - began

    async def all_at_once():
        tasks = (silent_websocket(), silent_after_pings(), silent_tcp(), silent_tcp(b"\x16\x03\x01"),
                 silent_tcp(b"GET / HTTP/1.1\r\n"), silent_media())  # fmt: skip
        return await asyncio.gather(*map(timed, tasks))

    outcomes = asyncio.run(all_at_once())
    assert [seconds for _, seconds in outcomes] == pytest.approx([10] * len(outcomes), abs=3)
    assert [heard for heard, _ in outcomes[:2]] == [[("timeout", "no offer came within 10 s")]] * 2
    ((kind, words),) = outcomes[-1][0]
    assert kind == "media-lost" and words


# --- the UDP port


def send_from_strangers(server, rounds):
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(4)]
    for number, datagram in enumerate(datagrams(1, rounds)):
        sockets[number % 4].sendto(datagram, ("127.0.0.1", server.media_port))
        if number % 50 == 0:
            # It answers meanwhile; and a flood that fills the socket's buffer is another matter.
            assert request(server, "/healthz")[0] == 200
    for one in sockets:
        one.close()


@contextlib.asynccontextmanager
async def member(server, role, channel):
    """A connected peer; yields its DTLS transport."""
    peer = aiortc.RTCPeerConnection()
    opened = asyncio.Event()
    peer.createDataChannel("metric").on("open", opened.set)
    peer.addTransceiver("video", direction="recvonly")
    await peer.setLocalDescription(await peer.createOffer())
    try:
        async with connect(server, role, channel) as client:
            answer = await answer_to(client, peer.localDescription.sdp)
            await peer.setRemoteDescription(aiortc.RTCSessionDescription(answer, "answer"))
            await asyncio.wait_for(opened.wait(), 30)
            yield peer.sctp.transport
    finally:
        await peer.close()


async def send_as_a_member(server, role, channel, rounds):
    """Garbage on a path that ICE has checked, and garbage inside valid DTLS and SRTP."""
    async with member(server, role, channel) as secured:
        path = secured.transport._connection
        for number, datagram in enumerate(datagrams(2, rounds)):
            # A longer datagram than the path takes would never leave.
            await path.send(datagram[:1400])
            if datagram:
                await secured._send_data(datagram[:1100])
            await secured._send_rtp(make_rtp(number, datagram[:1100]))


def make_rtp(number, payload):
    """What the sender's own SRTP library takes: a plausible header before anything."""
    return struct.pack("!BBHII", 0x80, 96 + number % 32, number & 0xFFFF, number, 4711) + payload


def test_garbage_on_the_udp_port_disturbs_nobody(server, publish, subscribe):
    data = ("--data", "metric", "--data", "stream", "--print-data", "--stats")
    publisher = publish("--video", "test:?size=320x240&fps=30", "--bitrate", "500k", *data)
    subscriber = subscribe(*data)
    before = subscriber.wait_for_frames(30)
    first = len(subscriber.stats())
    send_from_strangers(server, 60)
    asyncio.run(send_as_a_member(server, "sub", "garbage", 10))
    asyncio.run(send_as_a_member(server, "pub", "garbage", 10))
    publisher.write("metric\tstill here")
    subscriber.wait_for_line("metric\tstill here")
    after = subscriber.wait_for_frames(30)
    assert after["video"]["freezes"] == before["video"]["freezes"]
    assert [stats["video"]["loss"] for stats in subscriber.stats()[first:]] == [0] * len(subscriber.stats()[first:])
    assert {stats["state"] for stats in subscriber.stats()[first:]} == {"connected"}


def test_memory_comes_back_to_where_it_was(start_server):
    server = start_server()

    async def abuse(times):
        bad = ["nonsense", message("offer", "v=0"), message("offer", rejected(offer())), message("offer", offer())]
        for number in range(times):
            async with connect(server, ("sub", "pub")[number % 2], f"bad-{number % 7}") as client:
                with contextlib.suppress(websockets.ConnectionClosed):
                    await client.send(bad[number % len(bad)])
                    await client.recv()
            if number % 20 == 0:
                with contextlib.suppress(websockets.ConnectionClosed):
                    await converse(server, "sub", "big", ["x" * 2_000_000])

    asyncio.run(abuse(40))
    send_from_strangers(server, 2)
    before = server.resident_bytes()
    asyncio.run(abuse(400))
    send_from_strangers(server, 60)
    eventually(lambda: json.loads(request(server, "/api/channels")[2]) == {"channels": []})
    assert server.resident_bytes() < before + MOST_GROWTH
    code, seconds = server.stop()
    assert code == 0, server.describe()
    assert seconds < 1.0


def test_nine_hundred_idle_connections_disturb_nobody(server, publish, subscribe):
    publish("--video", "test:?size=320x240&fps=15")
    subscriber = subscribe("--stats")
    subscriber.wait_for_frames(15)
    crowd = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(900)]
    subscriber.wait_for_frames(15)
    for one in crowd:
        one.close()
    assert request(server, "/healthz")[0] == 200
    subscriber.wait_for_frames(15)
