"""A viewer behind a narrow link beside others on fast ones."""

import time

import pytest
from session import Session

VIDEO = ("--video", "test:?size=640x360&fps=30&stamp", "--bitrate", "2M")
WATCHED = 10  # seconds


@pytest.fixture(name="session")
def fixture_session(lab, tmp_path):
    with Session(lab, tmp_path / "data") as session:
        yield session


@pytest.fixture(name="narrow")
def fixture_narrow(lab):
    host = lab.host("narrow")
    lab.set("narrow", delay=15)
    lab.set("narrow", "down", rate=500, queue=200)
    return host


def pictures(stats):
    """How many were shown in each second."""
    frames = [second["video"]["frames"] for second in stats if "video" in second]
    return [after - before for before, after in zip(frames, frames[1:])]


def watch(*viewers):
    """What --stats of each says over WATCHED seconds."""
    begins = [len(viewer.stats()) for viewer in viewers]
    deadline = time.monotonic() + 4 * WATCHED
    for viewer in viewers:
        while len(viewer.stats()) < begins[viewers.index(viewer)] + WATCHED and time.monotonic() < deadline:
            viewer.wait_for_stats(lambda stats: True)
    return [viewer.stats()[begin:] for viewer, begin in zip(viewers, begins)]


def test_a_slow_viewer_sees_what_fits_and_the_others_miss_nothing(lab, session, narrow):
    session.serve()
    publisher = session.publish(*VIDEO)
    fast = [session.subscribe() for _ in range(2)]
    for viewer in fast:
        viewer.wait_for_stats(lambda stats: stats.get("video", {}).get("fps", 0) >= 27)
    slow = session.subscribe_from(narrow)
    # Its path is known within a second; pictures come one after another from then on.
    slow.wait_for_stats(lambda stats: stats.get("video", {}).get("frames", 0) >= 20)
    seen, *others = watch(slow, *fast)
    shown = pictures(seen)
    assert sum(shown) >= 3 * len(shown), slow.describe()
    assert all(sum(pair) > 0 for pair in zip(shown, shown[1:])), slow.describe()  # never frozen over 2 s
    assert sum(shown) <= 15 * len(shown), slow.describe()  # or the link isn't narrow, and this test proves nothing
    for viewer, other in zip(fast, others):
        assert sum(pictures(other)) >= 27 * len(pictures(other)), viewer.describe()
        assert other[-1]["video"]["freezes"] == other[0]["video"]["freezes"], viewer.describe()
    assert publisher.stats()[-1]["video"]["kbps"] >= 1000, publisher.describe()


@pytest.mark.parametrize("codec", ["vp8", "vp9"])
def test_a_slow_viewer_of_layered_video_sees_every_second_or_fourth_picture_evenly(lab, session, narrow, codec):
    lab.set("narrow", "down", rate=1600, queue=200)
    session.serve()
    publisher = session.publish(*VIDEO, "--codec", codec, "--temporal-layers", "3")
    fast = session.subscribe()
    fast.wait_for_stats(lambda stats: stats.get("video", {}).get("fps", 0) >= 27)
    slow = session.subscribe_from(narrow)
    # Its path is known now; what was sent until then filled the link's queue.
    slow.wait_for_stats(lambda stats: 5 <= stats.get("video", {}).get("fps", 0) <= 20)
    slow.wait_for_frames(30)
    seen, other = watch(slow, fast)
    assert all(5 <= count <= 20 for count in pictures(seen)), slow.describe()
    assert seen[-1]["video"]["freezes"] == seen[0]["video"]["freezes"], slow.describe()
    assert sum(pictures(other)) >= 27 * len(pictures(other)), fast.describe()
    assert publisher.stats()[-1]["video"]["kbps"] >= 1000, publisher.describe()


def test_a_publisher_whose_every_viewer_is_slow_sends_what_they_can_get(lab, session, narrow):
    session.serve()
    publisher = session.publish(*VIDEO)
    slow = session.subscribe_from(narrow)
    publisher.wait_for_stats(lambda stats: 0 < stats.get("video", {}).get("kbps", 0) <= 550)
    slow.wait_for_stats(lambda stats: stats.get("video", {}).get("fps", 0) >= 25)
    (seen,) = watch(slow)
    assert sum(pictures(seen)) >= 20 * len(pictures(seen)), slow.describe()
    # A fast viewer comes: it isn't to suffer.
    session.subscribe()
    publisher.wait_for_stats(lambda stats: stats.get("video", {}).get("kbps", 0) >= 1000)
