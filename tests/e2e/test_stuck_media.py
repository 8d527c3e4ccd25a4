"""A server whose media thread does nothing: it says so, reads offers all the same, and ends when it is told to."""

import asyncio
import json
import re
import signal
import time

import pytest
from program import eventually
from spider import connect, converse, errors, message, offer, request
from stuck_thread import reap, stuck

MEDIA_THREAD = "rtcpub-net"


def test_healthz_says_how_late_the_media_thread_is(start_server):
    server = start_server()
    assert request(server, "/healthz")[0] == 200

    def late():
        status, _, body = request(server, "/healthz")
        return json.loads(body)["error"] if status == 503 else None

    with stuck(server.pid, MEDIA_THREAD):
        said = eventually(late)
    assert re.fullmatch(r"the media thread is late by \d+\.\d s: no media and no message passes", said)
    assert eventually(lambda: request(server, "/healthz")[0] == 200)


def test_a_bad_offer_is_refused_without_the_media_thread(start_server):
    server = start_server()
    with stuck(server.pid, MEDIA_THREAD):
        heard, _ = asyncio.run(converse(server, "sub", "car", [message("offer", "v=0\r\nm=video\r\n")]))
    assert errors(heard)[0][0] == "bad-offer"


@pytest.mark.parametrize("with_client", [False, True], ids=["alone", "with a client"])
def test_sigterm_ends_a_server_whose_media_thread_is_stuck(start_server, with_client):
    server = start_server()

    async def stop_it():
        async with connect(server, "sub", "car") as client:
            if with_client:
                await client.send(message("offer", offer()))
                await client.recv()
            with stuck(server.pid, MEDIA_THREAD) as thread:
                begun = time.monotonic()
                server.process.send_signal(signal.SIGTERM)
                await asyncio.to_thread(reap, thread)
                return time.monotonic() - begun

    taken = asyncio.run(stop_it())
    assert server.process.wait(60) == 1
    server.wait_for_error("ended by force")
    # It ends after 1.8 s; a machine that has much else to do sees it later.
    assert taken < 20


def test_offers_that_come_too_fast_wait_for_their_turn_and_are_refused_when_more_come(server, channel):
    async def talk():
        async with connect(server, "sub", channel) as client:
            for _ in range(6):
                await client.send(message("offer", offer()))
            answers = 0
            while answers < 6:
                answers += json.loads(await client.recv())["type"] == "answer"
            for _ in range(20):
                await client.send(message("offer", offer()))
            heard = []
            async for text in client:
                heard.append(text)
            return errors(heard)

    ((code, words),) = asyncio.run(talk())
    assert code == "too-many-offers"
    assert "wait for the answer" in words
