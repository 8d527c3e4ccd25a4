"""What is lost comes back by itself: signalling, media, servers, publishers and whole networks."""

import pytest
from names import NAME, NameServer
from session import Session

VIDEO = ("--video", "test:?size=640x360&fps=30&stamp", "--bitrate", "1M")


@pytest.fixture(name="session")
def fixture_session(lab, tmp_path):
    with Session(lab, tmp_path / "data") as session:
        yield session


def successes(program):
    return program.out.all().count("success")


def wait_for_another_success(program, before):
    """Waits until it was registered more often than before."""
    program.wait_for(lambda line: line == "success" and successes(program) > before)


def states_since(program, line):
    """The states in its --stats from this line of its output on."""
    return {stats["state"] for stats in program.stats()[line:]}


def cut_websockets(session):
    """Answers each packet to the server's TCP port with a reset, until restore_websockets()."""
    for rule in (
        "add table ip cut",
        "add chain ip cut in { type filter hook input priority filter ; }",
        "add rule ip cut in tcp dport 8267 reject with tcp reset",
    ):
        session.server_host.run(f"nft {rule}")


def restore_websockets(session):
    session.server_host.run("nft delete table ip cut")


def test_a_robot_waits_for_a_server_that_comes_later(session):
    publisher = session.publish(*VIDEO)
    refused = publisher.wait_for_stats(lambda stats: "connection refused" in stats["reason"])
    assert refused["state"] == "connecting"
    session.serve()
    publisher.wait_for_line("success")
    session.subscribe().wait_for_frames(30)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("SERVFAIL", f"the name {NAME} cannot be looked up"),
        ("NXDOMAIN", f"there is no host named {NAME}"),
        ("silence", f"the name {NAME} cannot be looked up"),
    ],
    ids=["SERVFAIL", "NXDOMAIN", "silence"],
)
def test_a_robot_waits_for_a_name_that_is_known_later(session, tmp_path, trouble, reason):
    session.serve()
    with NameServer(session.server_host, tmp_path, trouble) as session.names:
        publisher = session.publish(*VIDEO)
        told = publisher.wait_for_stats(lambda stats: reason in stats["reason"])
        assert told["state"] == "connecting"
        session.names.learn(session.server_host.address)
        publisher.wait_for_line("success")
        session.subscribe().wait_for_frames(30)


def test_media_goes_on_while_the_websockets_are_cut(session):
    session.serve()
    publisher, subscriber = session.publish(*VIDEO), session.subscribe()
    subscriber.wait_for_frames(30)
    before, line = successes(publisher), len(publisher.stats())
    cut_websockets(session)
    told = publisher.wait_for_stats(lambda stats: "signalling is being rejoined" in stats["reason"])
    assert told["state"] == "connected"
    subscriber.wait_for_frames(60)
    restore_websockets(session)
    wait_for_another_success(publisher, before)
    subscriber.wait_for_stats(lambda stats: stats["reason"].startswith("connected to"))
    subscriber.wait_for_frames(30)
    # What flows was never given up.
    assert states_since(publisher, line) == {"connected"}
    publisher.wait_for_stats(lambda stats: stats.get("viewers") == 1)


def test_a_server_that_is_killed_and_comes_back_is_found_again(session):
    server = session.serve()
    publisher = session.publish(*VIDEO, "--data", "metric")
    subscriber = session.subscribe("--data", "metric", "--print-data")
    subscriber.wait_for_frames(30)
    before = successes(publisher)
    server.kill()
    publisher.wait_for_stats(lambda stats: "connection refused" in stats["reason"])
    session.serve()
    wait_for_another_success(publisher, before)
    subscriber.wait_for_frames(30)
    publisher.write("metric\tput when it was back")
    subscriber.wait_for_line("metric\tput when it was back")


def test_an_outage_of_the_robots_link_passes(lab, session):
    session.serve()
    publisher = session.publish(*VIDEO, "--data", "metric")
    subscriber = session.subscribe("--data", "metric", "--print-data")
    subscriber.wait_for_frames(30)
    lab.set("robot", down=True)
    publisher.wait_for_stats(lambda stats: stats["state"] == "disconnected")
    publisher.wait_for_stats(lambda stats: "no answer" in stats["reason"])
    publisher.write("metric\tfrom within the outage")
    lab.set("robot", down=False)
    subscriber.wait_for_line("metric\tfrom within the outage")
    publisher.wait_for_stats(lambda stats: stats["state"] == "connected")
    subscriber.wait_for_frames(60)
    publisher.wait_for_stats(lambda stats: stats["reason"].startswith("connected to"))


def test_an_outage_of_the_viewers_link_passes(lab, session):
    session.serve()
    session.publish(*VIDEO)
    subscriber = session.subscribe()
    subscriber.wait_for_frames(30)
    lab.set("viewer", down=True)
    subscriber.wait_for_stats(lambda stats: "no answer" in stats["reason"])
    lab.set("viewer", down=False)
    subscriber.wait_for_stats(lambda stats: stats["state"] == "connected")
    subscriber.wait_for_frames(60)


@pytest.mark.parametrize("nat", [None, "cone", "symmetric"])
def test_a_robot_moves_to_another_network(lab, tmp_path, nat):
    with Session(lab, tmp_path / "data", nat=nat) as session:
        session.serve()
        publisher, subscriber = session.publish(*VIDEO), session.subscribe()
        subscriber.wait_for_frames(30)
        before = successes(publisher)
        session.robot.move()
        subscriber.wait_for_frames(60)
        # Its old WebSocket leads nowhere, which only its own pings find out behind a router.
        wait_for_another_success(publisher, before)
        publisher.wait_for_stats(lambda stats: stats["state"] == "connected" and stats["viewers"] == 1)
        subscriber.wait_for_frames(60)


def test_a_robot_with_two_links_goes_on_by_the_other_one(lab, tmp_path):
    with Session(lab, tmp_path / "data") as session:
        session.robot.add_link("lte")
        session.serve()
        session.publish(*VIDEO)
        subscriber = session.subscribe()
        subscriber.wait_for_frames(30)
        # Whichever was in use before is gone once, and falls silent once.
        for link in ("robot", "lte"):
            session.robot.links[link].unplug()
            subscriber.wait_for_frames(60)
            session.robot.links[link].plug()
            subscriber.wait_for_frames(60)
        for link in ("robot", "lte"):
            lab.set(link, down=True)
            subscriber.wait_for_frames(60)
            lab.set(link, down=False)
            subscriber.wait_for_frames(60)


def test_viewers_stay_when_a_publisher_is_killed_and_another_starts(session):
    session.serve()
    publisher, subscriber = session.publish(*VIDEO), session.subscribe()
    subscriber.wait_for_frames(30)
    line = len(subscriber.stats())
    publisher.kill()
    session.publish(*VIDEO)
    subscriber.wait_for_frames(60)
    assert states_since(subscriber, line) == {"connected"}


def test_a_subscriber_that_is_killed_is_no_viewer_any_more(session):
    session.serve()
    publisher, subscriber = session.publish(*VIDEO), session.subscribe()
    publisher.wait_for_stats(lambda stats: stats.get("viewers") == 1)
    subscriber.kill()
    session.subscribe().wait_for_frames(30)


def test_who_wants_an_end_gets_one(session):
    server = session.serve()
    publisher = session.publish(*VIDEO, "--max-retry-time", "2")
    publisher.wait_for_line("success")
    publisher.wait_for_stats(lambda stats: stats["state"] == "connected")
    server.kill()
    assert publisher.wait_for_exit() == 1
    assert "connection refused" in publisher.complaints()[-1]


def test_a_host_without_any_network_says_so_and_goes_on(session):
    session.serve()
    session.robot.run("ip link set robot down")
    publisher = session.publish(*VIDEO)
    told = publisher.wait_for_stats(lambda stats: "unreachable" in stats["reason"])
    assert told["state"] == "connecting"
    session.robot.run("ip link set robot up")
    session.robot.run(f"ip route replace default via {session.robot.link_address.rsplit('.', 1)[0]}.1")
    publisher.wait_for_line("success")
    session.subscribe().wait_for_frames(30)


def test_offers_with_all_candidates_connect_as_well(session):
    session.serve()
    session.publish(*VIDEO, "--no-trickle").wait_for_line("success")
    session.subscribe("--no-trickle").wait_for_frames(30)
