"""How soon a robot is seen by way of what, and what a slow viewer does to the others."""

import pathlib
import statistics
import tempfile
import time

from netlab_drive import VIDEO, Lab, Session, now, percentile

DEAD = ("--ice", "stun:10.99.0.1:3478", "--ice", "turn:user:secret@10.99.0.1:3478?transport=udp")


def own_relay(session):
    """The server's own TURN by TCP, as options of a client that takes no other way."""
    return "--relay-only", "--ice", session.own_relay("tcp")


def first_frame(options):
    """Seconds from the start of publisher and subscriber, side by side, to the first decoded picture; RTT 60 ms."""
    with tempfile.TemporaryDirectory() as data, Lab(1) as lab, Session(lab, pathlib.Path(data)) as session:
        lab.set("robot", delay=30)
        session.serve()
        more = options(session)
        began = now()
        viewer = session.subscribe("--video", f"y4m:{data}/out.y4m", *more)
        session.publish("--video", VIDEO, *more)
        file = pathlib.Path(data, "out.y4m")
        while not (file.exists() and file.stat().st_size > 1000):
            assert viewer.running(), viewer.describe()
            time.sleep(0.002)
        return now() - began


def start(_seed, _kind):
    return {"start to first frame, s": first_frame(lambda _: ()),
            "… with a dead STUN and a dead TURN server": first_frame(lambda _: DEAD),
            "… by the server's own TURN/TCP only": first_frame(own_relay)}


def slow(seed, _kind):
    """One viewer at 0.5 Mbit/s beside nine at 20; 640x360, since ten decoders share two cores."""
    with tempfile.TemporaryDirectory() as data, Lab(seed) as lab, Session(lab, pathlib.Path(data)) as session:
        fast_host, narrow = lab.host("fast"), lab.host("narrow")
        lab.set("fast", delay=15, rate=9 * 20000, queue=100)
        lab.set("narrow", delay=15)
        lab.set("narrow", "down", rate=500, queue=200)
        session.serve()
        session.publish("--video", "test:?size=640x360&fps=30&stamp", "--bitrate", "2M")
        fast = [session.subscribe_from(fast_host) for _ in range(9)]
        for viewer in fast:
            viewer.wait_for_frames(30)
        before = figures(fast)
        late = session.subscribe_from(narrow)
        late.wait_for_frames(10)
        time.sleep(3)
        begin = frames(late)
        shown = watched(late, 15)
        after = figures(fast)
        return {"nine fast viewers before: fps": before[0], "… delay p50, ms": before[1],
                "nine beside a slow one: fps": after[0], "… delay p50 then, ms": after[1],
                "the slow one: fps": (frames(late) - begin) / 15,
                "… longest run of seconds without a picture": longest_zero_run(shown)}


def frames(viewer):
    return viewer.stats()[-1].get("video", {}).get("frames", 0)


def watched(viewer, seconds):
    """Pictures in each second."""
    counts = [frames(viewer)]
    for _ in range(seconds):
        viewer.wait_for_stats(lambda stats: True)
        counts.append(frames(viewer))
    return [b - a for a, b in zip(counts, counts[1:])]


def longest_zero_run(counts):
    run = longest = 0
    for count in counts:
        run = 0 if count else run + 1
        longest = max(longest, run)
    return longest


def figures(viewers, seconds=8):
    """fps and median delay over all viewers and some seconds."""
    time.sleep(seconds)
    rows = [stats for viewer in viewers for stats in viewer.stats()[-seconds:] if "video" in stats]
    return (statistics.mean(row["video"]["fps"] for row in rows),
            percentile([row["latency_ms"]["p50"] for row in rows if "latency_ms" in row], 0.5))


FIGURES = {"start": start, "slow": slow}
