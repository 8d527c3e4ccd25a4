"""What a robot and a viewer keep of networks that came and went: nothing."""

import contextlib
import os

import pytest
import session  # noqa: F401: finds the folder of the end-to-end tests, too
from namespace import Namespace
from program import PROGRAM, Program, eventually  # isort: skip

CHANGES = 6


def files(program):
    return len(os.listdir(f"/proc/{program.process.pid}/fd"))


def has_socket(host, program, address):
    return any(address in line and f"pid={program.pid}," in line for line in host.run("ss -Hnuap").splitlines())


@pytest.fixture(name="host")
def fixture_host():
    """A machine with a network that stays. The server is on it, and known by that one's address only."""
    with contextlib.closing(Namespace(ipv6=True)) as host:
        host.run("ip link add stays type veth peer name far")
        host.run("ip address add 10.9.0.1/24 dev stays")
        host.run("ip link set stays up")
        host.run("ip link set far up")
        yield host


@pytest.fixture(name="start")
def fixture_start(host):
    started = []

    def start(*words):
        started.append(Program(*host.command(PROGRAM, *words)))
        return started[-1]

    yield start
    for program in reversed(started):
        program.kill()


def come_and_go(host, numbers, clients):
    """Networks of these numbers, one after the other, each of which the clients find."""
    for number in numbers:
        host.run("ip link add comes type veth peer name goes")
        host.run(f"ip address add 2001:db8:{number}::1/64 dev comes nodad")
        host.run("ip link set comes up")
        host.run("ip link set goes up")
        eventually(lambda at=f"[2001:db8:{number}::1]": all(has_socket(host, client, at) for client in clients))
        host.run("ip link del comes")


def test_no_socket_stays_of_networks_that_are_gone(host, start, tmp_path):
    server = start("serve", "--listen", "10.9.0.1:8267", "--public-ip", "10.9.0.1", "--data-dir", tmp_path, "--open")
    server.wait_for(lambda line: "listening on" in line)
    to = ("--server", "wss://10.9.0.1:8267", "--insecure", "--channel", "c", "--stats")
    clients = (start("publish", *to, "--video", "test:?size=320x240&fps=5"), start("subscribe", *to))
    for client in clients:
        client.wait_for_frames(10)
    # Once, libwebrtc opens another socket in each network that stays, too.
    come_and_go(host, [1], clients)
    eventually(lambda: not any(has_socket(host, client, "[2001:db8:1::1]") for client in clients))
    before = [files(client) for client in clients]
    come_and_go(host, range(2, 2 + CHANGES), clients)
    eventually(lambda: all(files(client) <= count for client, count in zip(clients, before)))
    for client in clients:
        client.wait_for_frames(10)
