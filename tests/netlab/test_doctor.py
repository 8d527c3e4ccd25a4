"""rtcpub doctor in networks that block, translate and slow down."""

import contextlib
import json
import subprocess

import pytest
from session import Session  # finds the folder of the end-to-end tests, too
from program import PROGRAM  # isort: skip
from stun_server import stun_server  # isort: skip

LIMIT = 120  # seconds


@pytest.fixture(name="make_session")
def fixture_make_session(lab, tmp_path):
    with contextlib.ExitStack() as closing:
        yield lambda nat=None: closing.enter_context(Session(lab, tmp_path / "data", nat))


def doctor(session, *options, seconds=3):
    """What it finds on the robot: its exit code, and its checks by name."""
    command = session.robot.command(
        PROGRAM, "doctor", "--server", f"wss://{session.server_host.address}:8267", "--insecure",
        "--seconds", seconds, "--json", *options,
    )  # fmt: skip
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    report = json.loads(outcome.stdout)
    return outcome.returncode, {check["name"]: check for check in report["checks"]}


@contextlib.contextmanager
def two_stun_servers(session):
    """On the server's host and on the viewer's; yields the options that name them."""
    with contextlib.ExitStack() as running:
        options = []
        for host in (session.server_host, session.viewer):
            bound = host.socket()
            bound.bind((host.address, 3478))
            options += ["--ice", running.enter_context(stun_server(bound))]
        yield options


def test_blocked_udp_is_named_though_media_finds_another_way(lab, make_session):
    session = make_session()
    session.serve()
    lab.set("robot", no_udp=1)
    code, checks = doctor(session)
    assert code == 0
    assert checks["media"]["result"] == "ok"
    assert checks["udp"]["result"] == "warning"
    assert "UDP port 8268" in checks["udp"]["advice"]
    assert checks["mtu"]["result"] == "unknown"
    relays = {name: check["result"] for name, check in checks.items() if name.startswith("own-turn")}
    assert {name.rpartition("=")[2]: result for name, result in relays.items()} == {"udp": "warning", "tcp": "ok"}


def test_the_path_mtu_is_found_whether_routers_tell_of_it_or_not(lab, make_session):
    session = make_session("cone")
    session.serve()
    _, checks = doctor(session, seconds=1)
    assert checks["mtu"]["figures"]["mtu_bytes"] == 1500
    lab.set("robot", "up", mtu=1300)  # a black hole
    _, checks = doctor(session, seconds=1)
    assert checks["mtu"]["figures"]["mtu_bytes"] == 1300
    lab.set("robot", "up", mtu=0)
    session.robot.links["robot"].set_mtu(1200)
    _, checks = doctor(session, seconds=1)
    assert checks["mtu"]["figures"]["mtu_bytes"] == 1200
    assert checks["mtu"]["result"] == "warning"


@pytest.mark.parametrize(("nat", "kind"), [("cone", "cone"), ("full-cone", "cone"), ("symmetric", "symmetric")])
def test_two_stun_servers_tell_the_kind_of_nat(make_session, nat, kind):
    session = make_session(nat)
    session.serve()
    with two_stun_servers(session) as options:
        code, checks = doctor(session, *options)
    assert code == 0
    assert kind in checks["nat"]["found"]


def test_a_narrow_path_is_measured(lab, make_session):
    session = make_session()
    session.serve()
    lab.set("robot", "up", delay=30, rate=2000, queue=200)
    code, checks = doctor(session, seconds=8)
    assert code == 0
    assert 800 < checks["bandwidth"]["figures"]["estimate_kbps"] < 4000
    assert 30 <= checks["rtt"]["figures"]["rtt_ms"] < 400


def test_a_server_that_drops_everything_is_given_up_on_in_time(lab, make_session):
    session = make_session()
    session.serve()
    lab.set("robot", down=1)
    code, checks = doctor(session)
    assert code == 1
    assert checks["tcp"]["result"] == "failed"
    assert "no answer in time" in checks["tcp"]["found"]
