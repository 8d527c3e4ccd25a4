"""rtcpub doctor: what it says of servers that work, and of those that don't."""

import json
import socket

import pytest
from program import run
from stun_server import stun_server

NEEDED = {"dns", "tcp", "tls", "websocket", "media", "bandwidth", "rtt", "udp", "nat", "mtu", "clock", "cameras",
          "encoders"}  # fmt: skip


def doctor(server, *options):
    """Its exit code, and its checks by name."""
    outcome = run("doctor", "--server", server, "--seconds", "1", "--json", *options)
    report = json.loads(outcome.stdout)
    assert report["can_publish"] == (outcome.returncode == 0) == (report["obstacles"] == [])
    for check in report["checks"]:
        assert check["result"] in ("ok", "warning", "failed", "unknown")
        assert check["found"]
        assert check["result"] == "ok" or check["advice"], check
    return outcome.returncode, {check["name"]: check for check in report["checks"]}


def results(checks, *names):
    return {name: checks[name]["result"] for name in names}


def failed(checks):
    return {name for name, check in checks.items() if check["result"] == "failed"}


def unused_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_all_is_well(server):
    code, checks = doctor(server.wss, "--ca", server.certificate)
    assert code == 0
    assert checks.keys() >= NEEDED
    assert not failed(checks)
    needed = ("dns", "tcp", "tls", "websocket", "media", "bandwidth", "rtt", "clock", "udp", "nat", "mtu")
    assert results(checks, *needed) == dict.fromkeys(needed, "ok")
    assert checks["bandwidth"]["figures"]["estimate_kbps"] > 1000
    assert checks["rtt"]["figures"]["rtt_ms"] < 1000
    assert checks["tls"]["figures"]["days_left"] > 14
    assert f":{server.media_port}" in checks["websocket"]["found"]


def test_the_table_says_the_same(server):
    outcome = run("doctor", "--server", server.wss, "--ca", server.certificate, "--seconds", "1")
    lines = outcome.stdout.splitlines()
    assert outcome.returncode == 0
    assert NEEDED <= {line.split()[0] for line in lines if not line.startswith(" ")}
    assert lines[-1] == "Publishing can work."


def test_a_certificate_that_is_not_trusted_is_shown_and_the_rest_looked_at_all_the_same(server):
    code, checks = doctor(server.wss)
    assert code == 1
    assert failed(checks) == {"tls"}
    assert "certified by rtcpub" in checks["tls"]["found"]
    assert "--ca" in checks["tls"]["advice"] and "--fingerprint" in checks["tls"]["advice"]
    assert results(checks, "websocket", "media") == {"websocket": "ok", "media": "ok"}


def test_any_certificate_will_do_when_that_is_asked_for(server):
    code, checks = doctor(server.wss, "--insecure")
    assert code == 0
    assert checks["tls"]["result"] == "warning"


def test_a_server_that_is_not_there():
    code, checks = doctor(f"wss://127.0.0.1:{unused_port()}")
    assert code == 1
    assert failed(checks) == {"tcp"}
    assert "connection refused" in checks["tcp"]["found"]
    assert "rtcpub serve" in checks["tcp"]["advice"]
    assert checks.keys() >= NEEDED  # those that could not be made say so


def test_a_name_that_does_not_exist():
    code, checks = doctor("wss://no-such-host.invalid")
    assert code == 1
    assert failed(checks) == {"dns"}
    assert "no-such-host.invalid" in checks["dns"]["found"]


def test_a_server_that_is_none():
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()  # and never says a word
        code, checks = doctor(f"wss://127.0.0.1:{stranger.getsockname()[1]}")
    assert code == 1
    assert failed(checks) >= {"tls", "websocket", "media"}
    assert checks["tcp"]["result"] == "ok"


def test_a_dead_turn_server_is_told_of_and_is_no_obstacle(server):
    url = f"turn:127.0.0.1:{unused_port(socket.SOCK_DGRAM)}"
    code, checks = doctor(server.ws, "--ice", url.replace("turn:", "turn:user:secret@"))
    assert code == 0
    assert failed(checks) == {f"turn {url}"}
    assert "secret" not in json.dumps(checks)


def test_stun_servers_tell_that_there_is_no_nat(server):
    one, other = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    one.bind(("127.0.0.1", 0))
    other.bind(("127.0.0.1", 0))
    with stun_server(one) as first, stun_server(other) as second:
        _, checks = doctor(server.ws, "--ice", first, "--ice", second)
    assert checks["nat"]["result"] == checks[f"stun {first}"]["result"] == checks[f"stun {second}"]["result"] == "ok"
    assert "none" in checks["nat"]["found"]


def test_a_channel_of_its_own_disturbs_nobody(server, publish):
    publisher = publish("--stats", "--data", "metric")
    doctor(server.ws)
    publisher.wait_for_stats(lambda stats: stats["state"] == "connected")
    assert publisher.complaints() == []


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--server", "nowhere"),
        ("--server", "wss://a", "--ice", "http://a"),
        ("--server", "wss://a", "--ca", "/nonexistent.pem"),
        ("--server", "wss://a", "--seconds", "0"),
        ("--server", "wss://a", "--channel", "no channel"),
        ("--server", "wss://a", "--nonsense"),
    ],
)
def test_wrong_options_are_exit_code_2(options):
    outcome = run("doctor", *options)
    assert outcome.returncode == 2, outcome
    assert outcome.stderr
