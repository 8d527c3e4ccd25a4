"""A drive over an emulated network that is measured: what the robot sent, and what its viewer saw and when."""

import collections
import contextlib
import os
import pathlib
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("RTCPUB_BENCH_BUILD") or ROOT / "build/release")
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

Frame = collections.namedtuple("Frame", "at number delay width error")  # seconds, -, ms, pixels, levels


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
def driving(seed, kbps, codec="h264", kind="reliable", viewer=None, **link):
    """A drive over the robot's link with these settings, and the viewer's with those, not started yet."""
    with tempfile.TemporaryDirectory() as data, Lab(seed) as lab, Session(lab, pathlib.Path(data)) as session:
        for name, settings in (("robot", link), ("viewer", viewer)):
            if settings:
                lab.set(name, **settings)
        with Drive(lab, session, kbps, codec, kind) as drive:
            yield drive
