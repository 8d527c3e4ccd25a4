"""Ways through: TURN of others and of the server's own, TCP where UDP is blocked, routers, and servers that are dead."""

import socket
import struct

import pytest
from lab import Lab
from session import Session
from turn import Authority, Coturn
from turn_client import ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, TurnClient, allocation, channel, peer

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


@pytest.mark.parametrize("udp", [True, False], ids=["udp", "tcp"])
def test_a_robot_and_its_server_need_no_ipv4(tmp_path, udp):
    with Lab(ipv6=True) as lab, Session(lab, tmp_path / "data") as session:
        session.ipv6 = True
        for host in (session.robot, session.viewer, session.server_host):
            host.run(f"ip -4 address flush dev {host.name}")
        lab.set("robot", no_udp=not udp)
        watched(session)
        assert (lab.counters("robot", "up")["blocked"] > 0) is not udp


def test_of_several_interfaces_the_one_that_lets_udp_through_is_used(lab, session):
    session.robot.add_link("lte")
    lab.set("robot", no_udp=True)
    watched(session)
    assert lab.counters("lte", "up")["out_bytes"] > 30_000


# --- the server's own


def test_where_udp_is_blocked_media_go_over_tcp(lab, session):
    for host in ("robot", "viewer"):
        lab.set(host, no_udp=True)
    watched(session)
    assert lab.counters("robot", "up")["blocked"] > 0


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_robot_is_watched_through_the_servers_own_relay_only(lab, session, transport):
    lab.set("robot", delay=20)
    session.serve()
    watch(session, "--relay-only", "--ice", session.own_relay(transport))


def test_the_servers_own_relay_named_does_not_keep_from_the_straight_way(session):
    session.serve()
    watch(session, "--ice", session.own_relay("udp"), "--ice", session.own_relay("tcp"))


def test_the_servers_own_stun_server_tells_a_robot_its_address(lab, tmp_path):
    with Session(lab, tmp_path / "data", nat="symmetric") as session:
        session.serve()
        url = next(server["urls"][0] for server in session.offered_ice()["iceServers"])
        assert url == f"stun:{session.server_host.address}:8268"
        request = struct.pack("!HHI", 1, 0, 0x2112A442) + b"transaction!"
        with session.robot.socket() as own:
            own.settimeout(10)
            own.sendto(request, (session.server_host.address, 8268))
            reply = own.recv(2000)
        assert len(reply) == 32
        seen = struct.unpack("!I", reply[28:])[0] ^ 0x2112A442
        assert socket.inet_ntoa(struct.pack("!I", seen)) == session.robot.link_address


def test_a_server_behind_a_public_address_is_reached_through_a_relay(lab, session, coturn):
    """The relay is outside, and so is the address: coturn must find the server by the one that answers name."""
    public = "203.0.113.7"
    session.server_host.run(f"ip address add {public}/32 dev lo")
    lab.internet.run(f"ip route add {public} via {session.server_host.address}")
    session.serve("--public-ip", public)
    watch(session, "--relay-only", "--ice", coturn.ice())
    session.publish(*VIDEO, "--relay-only", "--ice", session.own_relay("tcp")).wait_for_frames(30)


def turn_client(session, host):
    relay = next(server for server in session.offered_ice(host)["iceServers"] if "credential" in server)
    address = (session.server_host.address, 8267)
    return TurnClient(host.socket(), address, relay["username"], relay["credential"])


def test_the_servers_own_relay_leads_to_nobody_else(lab, session):
    server = session.serve()
    client = turn_client(session, session.robot)
    assert client.ask(ALLOCATE, allocation()) == 0
    own = session.server_host.address
    for forbidden in ("127.0.0.2", "192.168.7.2", "169.254.169.254", session.viewer.address, session.robot.address):
        assert client.ask(CREATE_PERMISSION, peer(forbidden, 8268)) == 403, forbidden
    assert client.ask(CHANNEL_BIND, channel(0x4000) + peer(own, 22)) == 403
    assert client.ask(CHANNEL_BIND, channel(0x4000) + peer(own, 8268)) == 0
    server.wait_for_error("which is not this server: refused")


def test_a_flood_of_allocations_is_refused_and_others_are_served(session):
    server = session.serve()
    clients = [turn_client(session, session.robot) for _ in range(70)]  # all at once: each has its own port then
    codes = [client.ask(ALLOCATE, allocation()) for client in clients]
    assert codes == [0] * 64 + [486] * 6
    server.wait_for_error("TURN: no more relays for")
    assert turn_client(session, session.viewer).ask(ALLOCATE, allocation()) == 0


@pytest.mark.parametrize(
    "first",
    [b"\0\x14\0\1" + bytes(20), b"\0\3\0\0" + bytes(20), bytes(100), b"\1\2\3\4" * 10],
    ids=["frame", "turn", "zeros", "letters"],
)
def test_garbage_on_the_web_port_ends_its_connection_and_nothing_else(session, first):
    session.serve()
    with session.robot.socket(socket.SOCK_STREAM) as stranger:
        stranger.settimeout(30)
        stranger.connect((session.server_host.address, 8267))
        stranger.sendall(first)
        try:
            assert stranger.recv(100) == b""
        except ConnectionResetError:
            pass  # it had more to say
    watch(session)
