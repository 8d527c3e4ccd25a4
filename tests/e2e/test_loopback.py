"""A server that listens on loopback is this machine's alone, media too, unless told that clients come from elsewhere."""

import asyncio
import json
import pathlib
import re
import subprocess
import sys

import pytest
import websockets
from program import PROGRAM
from spider import answer_to, offer, target

TWO_MACHINES = pathlib.Path(__file__).with_name("two_machines.py")


def who_is_answered(tmp_path, *options):
    command = ["unshare", "--net", "--map-root-user", sys.executable, "-B", TWO_MACHINES,
               pathlib.Path(PROGRAM).absolute(), tmp_path, *options]  # fmt: skip
    outcome = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


def test_no_other_machine_reaches_its_media(tmp_path):
    # This machine's own address is for Firefox, which has no way to 127.0.0.1.
    assert who_is_answered(tmp_path, "--listen", "127.0.0.1:0") == {"loopback": True, "own": True, "other": False}


@pytest.mark.parametrize(
    "options",
    [
        ("--listen", "0.0.0.0:0"),
        ("--listen", "127.0.0.1:0", "--public-ip", "192.0.2.1"),
        ("--listen", "127.0.0.1:0", "--trust-proxy", "127.0.0.1"),
        ("--listen", "127.0.0.1:0", "--name", "robots.example"),
    ],
)
def test_others_reach_them_when_clients_come_from_elsewhere(tmp_path, options):
    assert who_is_answered(tmp_path, *options) == {"loopback": True, "own": True, "other": True}


def addresses_in_answer(server, origin=None):
    """Those that a client on this machine is told; a browser says which page it comes from."""

    async def ask():
        url = server.ws + target("sub", "car")
        async with websockets.connect(url, origin=origin, compression=None) as socket:
            return await answer_to(socket, offer())

    return set(re.findall(r"a=candidate:\S+ 1 \S+ \d+ (\S+)", asyncio.run(ask())))


def test_programs_are_told_of_loopback_only(server):
    assert addresses_in_answer(server) <= {"127.0.0.1", "::1"}
    assert "127.0.0.1" in addresses_in_answer(server)


def test_browsers_are_told_what_they_can_use(server):
    assert not addresses_in_answer(server, origin=server.http) & {"127.0.0.1", "::1"}, "there is no other address"


def test_a_public_address_is_told_whoever_asks(start_server):
    server = start_server("--public-ip", "203.0.113.7", "--open")
    assert "203.0.113.7" in addresses_in_answer(server)
    assert addresses_in_answer(server, origin=server.http) == {"203.0.113.7"}
