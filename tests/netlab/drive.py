"""drive.py SCHEDULE [--nat cone|symmetric] [--seed N] [-- PUBLISH-OPTION…]: drives a robot through a schedule and prints
what its viewer saw each second. ./dev netlab runs it."""

import argparse
import tempfile
import threading
import time

from lab import Lab, LabError
from schedule import Schedule, act, names
from session import Session

DEFAULT_VIDEO = ["--video", "test:?size=1280x720&fps=30&stamp", "--bitrate", "4M"]
COLUMNS = "{:>5} {:>13} {:>9} {:>9} {:>6} | {:>12} {:>5} {:>5} {:>6} {:>7} {:>8} {:>8}"


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="./dev netlab", description="Drives a robot through an emulated network and prints what its viewer saw."
    )
    parser.add_argument("schedule", help=", ".join(names()))
    parser.add_argument("--nat", choices=["cone", "full-cone", "symmetric"], help="put the robot behind a router")
    parser.add_argument("--seed", type=int, default=1, help="decides which packets are lost")
    parser.add_argument("publish", nargs="*", metavar="-- PUBLISH-OPTION…", help=" ".join(DEFAULT_VIDEO))
    return parser.parse_args()


def events(session, schedule, began):
    """Moves and unplugs at their times; runs on a thread of its own, on which no program starts."""
    for seconds, words in schedule.later_events():
        time.sleep(max(0, began + seconds - time.monotonic()))
        act(session.lab, words)
        print("--", *words, flush=True)


def last(program):
    """The newest line of --stats; {} before the first."""
    return (program.stats() or [{}])[-1]


def watch(session, schedule, programs, subscriber):
    """Prints a line a second until the schedule ends, or a program does."""
    print(COLUMNS.format("s", "link kbit/s", "sent", "queue ms", "lost", "viewer", "width", "fps", "kbit/s", "freezes",
                         "p50 ms", "p99 ms"))  # fmt: skip
    session.lab.start()
    began = time.monotonic()
    threading.Thread(target=events, args=(session, schedule, began), daemon=True).start()
    before = session.lab.counters("robot", "up")
    for second in range(1, int(schedule.duration) + 1):
        time.sleep(max(0, began + second - time.monotonic()))
        link = session.lab.counters("robot", "up")
        print(describe(second, before, link, last(subscriber)), flush=True)
        before = link
        if ended := [program for program in programs if not program.running()]:
            raise LabError(ended[0].describe())


def describe(second, before, link, stats):
    """A second of the link and the viewer's newest --stats, which are up to a second old, as one line."""
    lost = sum(link[kind] - before[kind] for kind in ("blocked", "queue", "lost"))
    video, latency = stats.get("video", {}), stats.get("latency_ms", {})
    return COLUMNS.format(
        second, round(link["rate_kbps"]) or "unlimited", round((link["out_bytes"] - before["out_bytes"]) * 8 / 1000),
        round(link["queue_ms"]), lost, stats.get("state", "-"), *(video.get(key, "-") for key in ("width", "fps", "kbps", "freezes")),
        *(latency.get(key, "-") for key in ("p50", "p99")),
    )  # fmt: skip


def drive(arguments):
    schedule = Schedule.named(arguments.schedule)
    with (
        tempfile.TemporaryDirectory() as data_dir,
        Lab(arguments.seed) as lab,
        Session(lab, data_dir, arguments.nat) as session,
    ):
        schedule.prepare(lab)
        server = session.serve()
        publisher = session.publish(*(arguments.publish or DEFAULT_VIDEO))
        subscriber = session.subscribe()
        subscriber.wait_for_frames(1)
        watch(session, schedule, (server, publisher, subscriber), subscriber)


if __name__ == "__main__":
    try:
        drive(parse_arguments())
    except (LabError, AssertionError) as error:
        raise SystemExit(f"netlab: {error}") from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
