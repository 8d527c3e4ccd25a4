"""What is said of TURN servers that are of no use: which one, why, and what that means; and nothing of others."""

import json
import re

import pytest
from lab import Lab
from session import Session
from turn import Authority, Coturn
from turn_refuser import refusing_turn_server

VIDEO = ("--video", "test:?size=320x240&fps=15")


@pytest.fixture(name="session")
def fixture_session(lab, tmp_path):
    with Session(lab, tmp_path / "data") as session:
        yield session


def refuser(lab, code, reason, **named):
    host = lab.host("turn")
    bound = host.socket()
    bound.bind((host.address, 3478))
    return refusing_turn_server(bound, code, reason, **named)


@pytest.mark.parametrize(
    ("code", "reason", "meaning"),
    [(403, "Forbidden", "user and password are right"), (486, "Allocation Quota Reached", "raise its quota")],
)
def test_the_last_word_without_a_way_names_the_relay_and_its_reason(lab, session, code, reason, meaning):
    session.serve()
    with refuser(lab, code, reason) as url:
        robot = session.publish(*VIDEO, "--relay-only", "--ice", url, "--max-retry-time", "0")
        assert robot.wait_for_exit() == 1
    last = robot.complaints()[-1]
    assert f"{code} {reason}" in last and meaning in last and "TURN server turn:" in last
    assert "check user and password" not in last and "secret" not in last


def test_an_answer_beyond_the_rfcs_lengths_is_dropped_and_told(lab, session):
    session.serve()
    with refuser(lab, 403, "Forbidden", realm="r" * 800) as url:
        lab.set("robot", delay=100)  # so that the relay is asked before there is a direct way
        robot = session.publish(*VIDEO, "--ice", url)
        said = robot.wait_for_error("RFC 8489")
        assert "a REALM of 800 bytes, where 763 are the most" in said
        robot.wait_for_stats(lambda stats: stats["state"] == "connected")


def test_a_relay_that_is_well_causes_no_alarm_on_a_host_with_both_kinds_of_addresses(tmp_path):
    with Lab(seed=1, ipv6=True) as lab, Session(lab, tmp_path / "data") as session:
        coturn = Coturn(lab.host("turn"), tmp_path, Authority(tmp_path))
        session.serve()
        robot = session.publish(*VIDEO, "--relay-only", "--ice", coturn.ice())
        robot.wait_for_stats(lambda stats: stats["state"] == "connected")
        assert not [line for line in robot.complaints() if "server" in line and "--insecure" not in line]
        coturn.close()


def test_a_certificate_for_other_names_is_told_with_them(lab, session, tmp_path):
    authority = Authority(tmp_path)
    certificate, key = authority.issue(session.server_host.address)
    session.trust = ("--ca", authority.certificate)
    session.serve("--tls-cert", certificate, "--tls-key", key)
    host = lab.host("turn")
    coturn = Coturn(host, tmp_path, authority, names=["relay.example"])
    url = coturn.ice("turns", "tcp")
    robot = session.publish(*VIDEO, "--relay-only", "--ice", url)
    said = robot.wait_for_error("its certificate is for")
    assert re.search(rf"its certificate is for relay\.example, not for {re.escape(host.address)}$", said)
    doctor = session.doctor("--ice", url, "--seconds", "1", "--json")
    doctor.wait_for_exit()
    checks = json.loads("\n".join(doctor.out.all()))["checks"]
    turn = next(check for check in checks if check["name"].startswith("turn turns:"))
    assert turn["result"] == "failed" and "relay.example" in turn["found"]
    coturn.close()
