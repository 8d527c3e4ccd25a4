"""The real program through emulated links."""

import pytest
from session import Session

VIDEO = ("--video", "test:?size=640x360&fps=30&stamp", "--bitrate", "2M")


@pytest.fixture(name="session")
def fixture_session(lab, tmp_path):
    with Session(lab, tmp_path / "data") as session:
        yield session


def test_a_robot_is_watched_through_5_mbit_and_60_ms(lab, session):
    lab.set("robot", delay=30, rate=5000, queue=100)
    session.serve()
    publisher = session.publish(*VIDEO)
    subscriber = session.subscribe()
    # The first pictures may be too coarse for their stamp to be read.
    seen = subscriber.wait_for_stats(
        lambda stats: "latency_ms" in stats
        and stats["state"] == "connected"
        and stats.get("video", {}).get("fps", 0) >= 27
    )
    assert seen["latency_ms"]["p50"] >= 30, subscriber.describe()
    # The way, a frame's time on the link, encoder and jitter buffer; far less than a queue that stays full.
    subscriber.wait_for_stats(lambda stats: stats.get("latency_ms", {"p50": 1e9})["p50"] < 150)
    publisher.wait_for_stats(lambda stats: 60 <= stats.get("rtt_ms", 0) < 90)
    # The media went through the link, and not around it.
    assert lab.counters("robot", "up")["out_bytes"] > 100_000


def test_a_viewer_sees_a_robot_behind_a_symmetric_router(lab, tmp_path):
    with Session(lab, tmp_path / "data", nat="symmetric") as session:
        session.serve()
        session.publish(*VIDEO)
        session.subscribe().wait_for_frames(30)
