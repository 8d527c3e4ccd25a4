"""The figures of networks, taken in the emulated lab (tests/netlab). `run.py netlab` takes all; as a program:

    netlab.py [FIGURE…] [--runs N] [--verbose]     steps, loss, burst, …

Needs root, or tests/netlab/with_network_rights.sh. All hosts are on one machine: clocks need no comparison.
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import statistics
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/release"
os.environ.setdefault("RTCPUB_PROGRAM", str(BUILD / "rtcpub"))
os.environ.setdefault("NETLAB_LINK", str(BUILD / "tests/netlab/netlab_link"))
sys.path += [str(ROOT / "tests/netlab"), str(ROOT / "tests/e2e")]
from lab import Lab  # noqa: E402
from program import Program  # noqa: E402
from session import Session  # noqa: E402

PROBE = BUILD / "bench/lab_probe"
WIDTH, HEIGHT = 1280, 720
VIDEO = f"test:?size={WIDTH}x{HEIGHT}&fps=30&stamp"
FRAME_MS = 1000 / 30
LATE_MS = 200  # a picture this old is of no use to who drives
BROKEN = 24  # levels of luma by which a block may differ from what was drawn; a stale one differs by more
KINDS = ("reliable", "unordered", "once")  # how commands are sent: lab_probe.cc

Frame = collections.namedtuple("Frame", "at number delay width error")  # seconds, -, ms, pixels, levels
verbose = False


def now():
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def percentile(values, fraction):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * fraction))] if ordered else float("nan")


class Drive:
    """A robot and its viewer in a lab, with what was seen and sent; times count from start()."""

    def __init__(self, lab, session, kbps, codec, kind):
        self.lab, self.session = lab, session
        url = f"wss://{session.server_host.address}:8267"
        self.server = session.serve()
        self._programs = [Program(*session.robot.command(PROBE, "robot", url, "lab", VIDEO, kbps, codec, kind)),
                          Program(*session.viewer.command(PROBE, "viewer", url, "lab", WIDTH, HEIGHT, kind))]
        self.robot, self.viewer = self._programs
        self._rates = []  # (time, bytes into the robot's link, bytes out of it)
        self._ended = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self):
        assert self.viewer.out.wait_for(lambda line: line.startswith("frame"), 0, 30), self.viewer.describe()
        time.sleep(1)
        return self

    def __exit__(self, *_):
        self._ended.set()
        for program in self._programs:
            program.kill()

    def start(self):
        self.lab.start()
        self.began = now()
        self._sampler.start()
        return self

    def _sample(self):
        while not self._ended.is_set():
            link = self.lab.counters("robot", "up")
            self._rates.append((now() - self.began, link["in_bytes"], link["out_bytes"]))
            self._ended.wait(0.05)

    def run_until(self, seconds):
        time.sleep(max(0, self.began + seconds - now()))
        return self

    def _rows(self, program, word):
        for line in program.out.all():
            words = line.split()
            if words and words[0] == word:
                yield [float(number) for number in words[1:]]

    def frames(self, since=0.0, until=1e9):
        """The decoded pictures between these times."""
        found = [Frame(time / 1e6 - self.began, int(number), delay / 1000, int(width), int(error))
                 for time, number, delay, width, error in self._rows(self.viewer, "frame")]
        return [frame for frame in found if since <= frame.at < until]

    def unreadable(self):
        """When pictures were decoded in which no stamp could be read: after a fall the first are very coarse."""
        return [time / 1e6 - self.began for time, _ in self._rows(self.viewer, "unreadable")]

    def longest_gap(self, since, until):
        """Milliseconds between decoded pictures that follow each other."""
        times = sorted([frame.at for frame in self.frames(since, until)]
                       + [at for at in self.unreadable() if since <= at < until])
        return max((b - a for a, b in zip(times, times[1:])), default=float("inf")) * 1000

    def command_ages(self, since, until):
        """Milliseconds, of what arrived between these times."""
        return [age / 1000 for time, age in self._rows(self.robot, "command") if since <= time / 1e6 - self.began < until]

    def kbps(self, since, until, side=1):
        """What went into the robot's link, or with side=2 came out of it; IP packets."""
        inside = [row for row in self._rates if since <= row[0] <= until]
        if len(inside) < 2 or inside[-1][0] - inside[0][0] < (until - since) * 0.6:
            return float("nan")
        return (inside[-1][side] - inside[0][side]) * 8 / 1000 / (inside[-1][0] - inside[0][0])

    def first_time(self, since, until, window, wanted):
        """Seconds from `since` to the first window for whose kbit/s `wanted` holds."""
        at = since
        while at + window <= until:
            if wanted(self.kbps(at, at + window)):
                return at - since
            at += 0.05
        return float("inf")

    def tell(self, until):
        """A line a second."""
        stats = {int(at / 1e6 - self.began): (estimate, kbps) for at, estimate, kbps in self._rows(self.robot, "stats")}
        for second in range(int(until)):
            frames = self.frames(second, second + 1)
            ages = self.command_ages(second, second + 1)
            estimate, kbps = stats.get(second, (0, 0))
            print(f"    {second:3} s  in {self.kbps(second, second + 1):6.0f}  out {self.kbps(second, second + 1, 2):6.0f}"
                  f"  estimate {estimate:6.0f} video {kbps:5.0f}  frames {len(frames):3}"
                  f"  width {frames[-1].width if frames else 0:5}  delay {percentile([f.delay for f in frames], 0.5):6.0f}"
                  f" worst {max([f.delay for f in frames], default=float('nan')):6.0f}"
                  f"  error {max([f.error for f in frames], default=0):3}"
                  f"  commands {len(ages):3} worst {max(ages, default=float('nan')):5.0f}", file=sys.stderr)


@contextlib.contextmanager
def driving(seed, kbps, codec="h264", kind="reliable", **link):
    """A drive over the robot's link with these settings, not started yet."""
    with tempfile.TemporaryDirectory() as data, Lab(seed) as lab, Session(lab, pathlib.Path(data)) as session:
        lab.set("robot", **link)
        with Drive(lab, session, kbps, codec, kind) as drive:
            yield drive


# --- figures: each takes a seed and how commands are sent, and returns its numbers by name

FALL, RISE, END = 10, 25, 37


def steps(seed, kind):
    """5, 1 and again 5 Mbit/s at RTT 60 ms and a queue of 100 ms; video of up to 4 Mbit/s."""
    with driving(seed, 4000, kind=kind, delay=30, rate=5000, queue=100) as drive:
        drive.lab.set("robot", "up", at=FALL, rate=1000)
        drive.lab.set("robot", "up", at=RISE, rate=5000)
        drive.start().run_until(END)
        if verbose:
            drive.tell(END)
        fallen = drive.frames(FALL, RISE)
        late = [frame.at - FALL for frame in fallen if frame.delay > 150] + [0.0]
        settled = next(at for at in late if not any(at < other <= at + 2 for other in late))  # 2 s without another
        return {"fall: sending under the link after, s": drive.first_time(FALL, RISE, 0.5, lambda kbps: kbps <= 1000),
                "fall: worst frame delay, ms": max(frame.delay for frame in fallen),
                "fall: longest gap between frames, ms": drive.longest_gap(FALL - 1, RISE),
                "fall: frame delay under 150 ms after, s": settled,
                "fall: pictures too coarse for a stamp": len(drive.unreadable()),
                "narrow: video, kbit/s": drive.kbps(FALL + 5, RISE),
                "rise: 80 % of 4 Mbit/s after, s": drive.first_time(RISE, END, 1, lambda kbps: kbps >= 3200),
                "commands p99, ms": percentile(drive.command_ages(FALL, END), 0.99)}


def loss(seed, kind):
    """2 % of random loss in both directions at RTT 60 ms; 2 Mbit/s on a link of 5."""
    with driving(seed, 2000, kind=kind, delay=30, rate=5000, queue=100, loss=2) as drive:
        drive.start().run_until(32)
        if verbose:
            drive.tell(32)
        frames = drive.frames(2, 31)
        expected = frames[-1].number - frames[0].number + 1
        in_time = sum(frame.delay <= LATE_MS for frame in frames)
        return {f"frames later than {LATE_MS} ms or never, %": (expected - in_time) / expected * 100,
                "frame delay p50, ms": percentile([frame.delay for frame in frames], 0.5),
                "frame delay p99, ms": percentile([frame.delay for frame in frames], 0.99),
                "longest gap between frames, ms": drive.longest_gap(2, 31),
                "sent, kbit/s": drive.kbps(2, 31),
                "commands p99, ms": percentile(drive.command_ages(2, 31), 0.99)}


def burst(seed, kind):
    """5 s of 10 % loss in bursts of four packets (Gilbert-Elliott) at RTT 60 ms; 2 Mbit/s on a link of 5."""
    with driving(seed, 2000, kind=kind, delay=30, rate=5000, queue=100) as drive:
        drive.lab.set("robot", at=6, burst="2.78,25")
        drive.lab.set("robot", at=11, burst=0)
        drive.start().run_until(16)
        if verbose:
            drive.tell(16)
        frames = drive.frames(5, 13)
        return {"longest gap between frames, ms": drive.longest_gap(5, 13),
                "frame delay p99, ms": percentile([frame.delay for frame in frames], 0.99),
                "broken pictures": sum(frame.error > BROKEN for frame in frames) + len(drive.unreadable()),
                "sent in the burst, kbit/s": drive.kbps(6, 11),
                "commands p99, ms": percentile(drive.command_ages(6, 11), 0.99)}


FIGURES = {"steps": steps, "loss": loss, "burst": burst}


def take(name, runs, kinds):
    """Prints the medians of a figure."""
    for kind in kinds:
        results = []
        for seed in range(1, runs + 1):
            results.append(FIGURES[name](seed, kind))
            if verbose:
                print(f"  {name} {seed} {kind}: {json.dumps(results[-1])}", file=sys.stderr, flush=True)
        wanted = [key for key in results[0] if kind == kinds[0] or key.startswith("commands")]
        for key in wanted:
            values = [result[key] for result in results]
            title = f"{key} ({kind})" if key.startswith("commands") else key
            print(f"netlab   {name:6} {title:42} {statistics.median(values):8.1f}  "
                  f"(runs {', '.join(f'{value:.1f}' for value in values)})", flush=True)


def netlab():
    for name in FIGURES:
        take(name, 3, KINDS)


def main():
    global verbose
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=", ".join(FIGURES))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kind", action="append", choices=KINDS, help="how commands are sent; all")
    parser.add_argument("--verbose", action="store_true", help="what happened each second")
    arguments = parser.parse_args()
    verbose = arguments.verbose
    for name in arguments.figures or FIGURES:
        take(name, arguments.runs, arguments.kind or KINDS)


if __name__ == "__main__":
    main()
