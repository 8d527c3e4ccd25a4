"""What the end-to-end tests have in common: servers and clients that are gone when a test is over."""

import itertools
import json
import subprocess

import pytest
from program import PROGRAM, Program, Server

_numbers = itertools.count(1)


@pytest.fixture(name="started")
def fixture_started():
    """Takes programs; kills what is left of them in the end."""
    programs = []
    yield programs
    for program in reversed(programs):
        program.kill()


@pytest.fixture(name="start")
def fixture_start(started):
    """Starts `rtcpub ARGUMENTS`."""

    def start(*arguments):
        started.append(Program(PROGRAM, *arguments))
        return started[-1]

    return start


@pytest.fixture(name="start_server")
def fixture_start_server(started, tmp_path):
    """Starts a server for one test alone."""

    def start_server(*options, **named):
        started.append(Server(named.pop("data_dir", tmp_path / "data"), *options, **named))
        return started[-1]

    return start_server


@pytest.fixture(name="server", scope="module")
def fixture_server(tmp_path_factory):
    """One server for all tests of a file; it must survive them and end well."""
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    try:
        assert server.running(), f"the server has died: {server.describe()}"
        code, _ = server.stop()
        assert code == 0, server.describe()
    finally:
        server.kill()


@pytest.fixture(name="channel")
def fixture_channel():
    """A channel id that no other test uses."""
    return f"channel-{next(_numbers)}"


@pytest.fixture(name="publish")
def fixture_publish(start, server, channel):
    """Starts a publisher with these options on the test's channel; waits until it is registered."""

    def publish(*options, on=None):
        publisher = start("publish", "--server", server.ws, "--channel", on or channel, *options)
        publisher.wait_for_line("success")
        return publisher

    return publish


@pytest.fixture(name="subscribe")
def fixture_subscribe(start, server, channel):
    """Starts a subscriber with these options on the test's channel."""

    def subscribe(*options, on=None):
        return start("subscribe", "--server", server.ws, "--channel", on or channel, *options)

    return subscribe


@pytest.fixture(name="own_address")
def fixture_own_address():
    """An address of this machine that isn't loopback; made for the test when there is none."""
    listed = subprocess.run(["ip", "-json", "-4", "address"], check=True, capture_output=True).stdout
    addresses = [one["local"] for link in json.loads(listed) for one in link["addr_info"] if one["scope"] == "global"]
    if addresses:
        yield addresses[0]
        return
    link = "rtcpub-test"
    subprocess.run(["ip", "link", "add", link, "type", "veth", "peer", "name", f"{link}-b"], check=True)
    try:
        subprocess.run(["ip", "address", "add", "192.0.2.77/32", "dev", link], check=True)
        subprocess.run(["ip", "link", "set", link, "up"], check=True)
        yield "192.0.2.77"
    finally:
        subprocess.run(["ip", "link", "delete", link], check=True)
