"""A robot and its server on one cable, where nobody hands out addresses: they have link-local ones only."""

import contextlib
import json

import pytest
import session  # noqa: F401: finds the folder of the end-to-end tests, too
from namespace import Namespace
from program import PROGRAM, Program, run  # isort: skip

VIDEO = ("--video", "test:?size=320x240&fps=15")


class Cable:
    """Two hosts with an interface `cable` each."""

    def __init__(self):
        self._hosts = [Namespace(ipv6=True) for _ in range(2)]
        self.server, self.robot = self._hosts
        far = self.robot.path.split("/")[2]
        self.server.run(f"ip link add cable type veth peer name cable netns {far}")
        for number, host in enumerate(self._hosts, 1):
            host.run("ip link set cable up")
            host.run(f"ip address add fe80::{number}/64 dev cable nodad")

    def add_ipv4(self):
        for number, host in enumerate(self._hosts, 1):
            host.run(f"ip address add 169.254.10.{number}/16 dev cable")

    def close(self):
        for host in self._hosts:
            host.close()


@pytest.fixture(name="cable")
def fixture_cable():
    with contextlib.closing(Cable()) as cable:
        yield cable


@pytest.fixture(name="start")
def fixture_start(tmp_path):
    """Runs the program on a host of the cable."""
    started = []

    def start(host, *words):
        extra = ("--data-dir", tmp_path, "--open") if words[0] == "serve" else ()
        started.append(Program(*host.command(PROGRAM, *words, *extra)))
        if words[0] == "serve":
            started[-1].wait_for(lambda line: "listening on" in line)
        return started[-1]

    yield start
    for program in reversed(started):
        program.kill()


def publish(start, cable, url, *options):
    return start(cable.robot, "publish", "--server", url, "--insecure", "--channel", "c", "--stats", *VIDEO, *options)


def connected(stats):
    return stats["state"] == "connected"


def test_a_robot_connects_by_link_local_ipv4_addresses(cable, start):
    cable.add_ipv4()
    start(cable.server, "serve", "--listen", "0.0.0.0:8267")
    publish(start, cable, "wss://169.254.10.1:8267").wait_for_stats(connected)


@pytest.mark.parametrize("listen", ["[::]:8267", "[fe80::1%cable]:8267"])
@pytest.mark.parametrize("zone", ["%cable", "%25cable"])
def test_a_robot_calls_by_a_link_local_ipv6_address(cable, start, listen, zone):
    """Media goes by IPv4 then: libwebrtc looks for no such IPv6 addresses."""
    cable.add_ipv4()
    start(cable.server, "serve", "--listen", listen)
    publish(start, cable, f"wss://[fe80::1{zone}]:8267").wait_for_stats(connected)


def test_a_robot_connects_by_the_cable_when_the_server_has_another_address_elsewhere(cable, start):
    """A laptop that is in a Wi-Fi, too, which the robot isn't."""
    cable.add_ipv4()
    cable.server.run("ip address add 192.0.2.7/32 dev lo")
    start(cable.server, "serve", "--listen", "[::]:8267")
    publish(start, cable, "wss://169.254.10.1:8267").wait_for_stats(connected)


def test_doctor_finds_nothing_wrong_with_a_cable(cable, start):
    cable.add_ipv4()
    start(cable.server, "serve", "--listen", "[::]:8267")
    for url in ("wss://169.254.10.1:8267", "wss://[fe80::1%cable]:8267"):
        doctor = start(cable.robot, "doctor", "--server", url, "--insecure", "--seconds", "1", "--json")
        assert doctor.wait_for_exit() == 0
        checks = {check["name"]: check["result"] for check in json.loads("\n".join(doctor.out.all()))["checks"]}
        for name in ("dns", "tcp", "websocket", "media", "udp"):
            assert checks[name] == "ok", (url, name, doctor.describe())


def test_an_interface_that_is_missing_is_told_and_waited_for(cable, start):
    robot = publish(start, cable, "wss://[fe80::1%usb0]:8267", "--max-retry-time", "0")
    assert robot.wait_for_exit() == 1
    robot.wait_for_error("no network interface named usb0")


def test_a_link_local_address_without_its_interface_is_refused_with_the_cure():
    refused = run("publish", "--server", "wss://[fe80::1]", "--channel", "c", *VIDEO)
    assert refused.returncode == 1
    assert "wss://[fe80::1%eth0]" in refused.stderr
