"""The publisher follows its path: down, up again, and through loss. How fast, the bench says."""

import json
import sys
import time

import pytest
from session import Program, Session

VIDEO = ("--video", "test:?size=1280x720&fps=30&stamp", "--bitrate", "4M")
LINK = {"delay": 30, "rate": 5000, "queue": 100}


@pytest.fixture(name="session")
def fixture_session(lab, tmp_path):
    with Session(lab, tmp_path / "data") as session:
        yield session


def video(stats):
    return stats.get("video", {"fps": 0, "kbps": 0, "frames": 0, "width": 0, "loss": 0})


def start(session):
    """A robot whose video takes what it wants, and its viewer."""
    session.serve()
    publisher = session.publish(*VIDEO)
    subscriber = session.subscribe()
    publisher.wait_for_stats(lambda stats: video(stats)["kbps"] >= 3000)
    subscriber.wait_for_stats(lambda stats: video(stats)["fps"] >= 27)
    return publisher, subscriber


def sent_kbps(lab, seconds):
    """What goes into the robot's link."""
    before, began = lab.counters("robot", "up")["in_bytes"], time.monotonic()
    time.sleep(seconds)
    return (lab.counters("robot", "up")["in_bytes"] - before) * 8 / 1000 / (time.monotonic() - began)


def test_a_robot_sends_what_a_link_carries_that_has_become_narrow_and_wide_again(lab, session):
    lab.set("robot", **LINK)
    publisher, subscriber = start(session)
    lab.set("robot", "up", rate=1000)
    # All the pictures come, each soon: a queue that stays full would show in the delay.
    subscriber.wait_for_stats(
        lambda stats: video(stats)["fps"] >= 27 and stats.get("latency_ms", {"p50": 1e9})["p50"] < 130
    )
    assert sent_kbps(lab, 3) <= 1050, publisher.describe()
    lab.set("robot", "up", rate=5000)
    publisher.wait_for_stats(lambda stats: video(stats)["kbps"] >= 3000)
    subscriber.wait_for_stats(lambda stats: video(stats)["fps"] >= 27 and video(stats)["kbps"] >= 3000)


def test_the_delay_of_pictures_that_were_made_smaller_is_known(lab, session):
    lab.set("robot", delay=30, rate=700, queue=100)
    session.serve()
    session.publish(*VIDEO)
    subscriber = session.subscribe()
    subscriber.wait_for_stats(lambda stats: 0 < video(stats)["width"] < 1280 and "latency_ms" in stats)


def test_pictures_go_on_through_bursts_of_loss(lab, session):
    lab.set("robot", **LINK)
    publisher, subscriber = start(session)
    lab.set("robot", burst="2.78,25")
    begin = len(subscriber.stats())
    for _ in range(10):
        subscriber.wait_for_stats(lambda stats: True)
    seconds = [video(stats)["frames"] for stats in subscriber.stats()[begin:]]
    # In every two seconds some, and most of all.
    assert all(later > earlier for earlier, later in zip(seconds, seconds[2:])), subscriber.describe()
    assert seconds[-1] - seconds[0] >= 15 * (len(seconds) - 1), subscriber.describe()
    # There was something to mend.
    publisher.wait_for_stats(lambda stats: video(stats)["loss"] > 0.01)


def test_one_lost_packet_in_fifty_stops_no_picture_for_long(lab, session):
    lab.set("robot", **LINK, loss=2)
    _, subscriber = start(session)
    before = subscriber.stats()[-1]
    for _ in range(15):
        last = subscriber.wait_for_stats(lambda stats: True)
    assert video(last)["frames"] - video(before)["frames"] >= 13 * 30, subscriber.describe()


def recovered(session):
    """How many packets FEC brought back, as the server says."""
    ask = f"""import ssl, urllib.request
print(urllib.request.urlopen("https://{session.server_host.address}:8267/api/channels", timeout=30,
                             context=ssl._create_unverified_context()).read().decode())"""
    program = Program(*session.viewer.command(sys.executable, "-c", ask))
    try:
        program.wait_for(lambda line: line.startswith("{"))
        answer = next(line for line in program.out.all() if line.startswith("{"))
    finally:
        program.kill()
    return json.loads(answer)["channels"][0]["publisher"]["recovered"]


def test_fec_mends_losses_on_a_long_path_while_that_has_room(lab, session):
    lab.set("robot", delay=30, rate=8000, queue=100)
    session.serve()
    publisher = session.publish("--video", "test:?size=1280x720&fps=30&stamp", "--bitrate", "2M")
    subscriber = session.subscribe()
    publisher.wait_for_stats(lambda stats: stats.get("estimate_kbps", 0) >= 4500)
    lab.set("robot", loss=3)
    publisher.wait_for_stats(lambda stats: video(stats).get("fec_kbps", 0) > 0)
    subscriber.wait_for_stats(lambda _: recovered(session) > 10)
    # Without room it would take the video's.
    lab.set("robot", "up", rate=2500)
    publisher.wait_for_stats(lambda stats: video(stats)["fps"] > 0 and "fec_kbps" not in video(stats))
