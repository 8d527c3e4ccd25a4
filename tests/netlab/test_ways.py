"""Ways through: TURN of others and of the server's own, TCP where UDP is blocked, routers, and servers that are dead."""

import pytest
from session import Session
from turn import Authority, Coturn

VIDEO = ("--video", "test:?size=640x360&fps=30&stamp", "--bitrate", "1M")


@pytest.fixture(name="session")
def fixture_session(lab, tmp_path):
    with Session(lab, tmp_path / "data") as session:
        yield session


@pytest.fixture(name="authority")
def fixture_authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture(name="coturn")
def fixture_coturn(lab, tmp_path, authority, request):
    coturn = Coturn(lab.host("turn"), tmp_path, authority, rest=getattr(request, "param", False))
    yield coturn
    coturn.close()


def serve_trusted(session, authority):
    """A server whose certificate the clients check."""
    certificate, key = authority.issue(session.server_host.address)
    session.trust = ("--ca", authority.certificate)
    session.serve("--tls-cert", certificate, "--tls-key", key)


def watch(session, *options):
    """A robot with these options, which the viewer sees."""
    publisher = session.publish(*VIDEO, *options)
    session.subscribe().wait_for_frames(30)
    return publisher


def watched(session, *options):
    session.serve()
    return watch(session, *options)


def relayed_bytes(lab):
    return lab.counters("turn", "up")["out_bytes"]


@pytest.mark.parametrize("coturn", [False, True], indirect=True, ids=["long-term", "rest"])
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_robot_is_watched_through_a_relay_only(lab, session, coturn, transport):
    watched(session, "--relay-only", "--ice", coturn.ice(transport=transport))
    assert relayed_bytes(lab) > 30_000


def test_a_robot_is_watched_through_a_relay_over_tls(lab, session, authority, coturn):
    serve_trusted(session, authority)
    watch(session, "--relay-only", "--ice", coturn.ice("turns", "tcp"))
    assert relayed_bytes(lab) > 30_000


def test_a_relay_whose_certificate_nobody_knows_is_not_used(lab, session, tmp_path, coturn):
    (tmp_path / "other").mkdir()
    serve_trusted(session, Authority(tmp_path / "other"))
    publisher = session.publish(*VIDEO, "--relay-only", "--ice", coturn.ice("turns", "tcp"))
    publisher.wait_for_error("TURN server turns:")
    assert relayed_bytes(lab) < 30_000


def test_wrong_credentials_are_told_and_other_ways_are_taken(lab, session, coturn):
    lab.set("robot", delay=100)  # who is through at once asks no relay
    publisher = watched(session, "--ice", coturn.ice(user="robot", password="something else"))
    said = publisher.wait_for_error("check user and password")
    assert "401" in said and "something" not in said


def test_relay_only_without_a_relay_is_refused_at_once(session):
    publisher = session.publish(*VIDEO, "--relay-only", "--ice", "stun:192.0.2.1")
    assert publisher.wait_for_exit() != 0
    publisher.wait_for_error("--ice turn:")


@pytest.mark.parametrize("nat", ["cone", "symmetric"])
def test_a_robot_behind_a_router_is_watched_with_a_stun_server_named(lab, tmp_path, coturn, nat):
    with Session(lab, tmp_path / "data", nat=nat) as session:
        watched(session, "--ice", f"stun:{coturn.address}:3478")


def test_dead_servers_do_not_keep_a_robot_from_being_watched(lab, session):
    lab.host("dead")
    lab.set("dead", down=1)
    dead = lab.hosts["dead"].address
    watched(session, "--ice", f"stun:{dead}", "--ice", f"turn:user:password@{dead}", "--ice",
            f"turn:user:password@{dead}?transport=tcp")  # fmt: skip
