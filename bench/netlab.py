"""The figures of networks, taken in the emulated lab (tests/netlab). `run.py netlab` takes all; as a program:

    netlab.py [FIGURE…] [--runs N] [--first SEED] [--verbose]     steps, loss, burst, outage, restart, …

Each figure is told as the median of its runs and their worst. Needs root, or tests/netlab/with_network_rights.sh. All hosts are on one machine: clocks need no comparison.
"""

import argparse
import itertools
import json
import statistics
import sys

import history
import netlab_recovery as recovery
import netlab_ways as ways
from netlab_drive import driving, percentile

LATE_MS = 200  # a picture this old is of no use to who drives
BROKEN = 24  # levels of luma by which a block may differ from what was drawn; a stale one differs by more
BROKEN_PICTURES = "broken pictures"
IN_A_ROW = "broken pictures in a row"
# What is missing from a picture is missing from all that follow, up to the next key frame. Shorter rows are the encoder's
# own, and come without any loss, too: x264 has few bits for a key frame and may starve one of its slices; the pictures
# behind it mend that.
HIT = 20
KINDS = ("reliable", "unordered", "once")  # how commands are sent: lab_probe.cc

verbose = False


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


PATH = {"delay": 30, "rate": 5000, "queue": 100}  # RTT 60 ms


def loss(seed, kind):
    """2 % of random loss in both directions at RTT 60 ms; 2 Mbit/s on a link of 5."""
    return lossy(seed, kind, robot={**PATH, "loss": 2})


def loss_viewer(seed, kind):
    """The same on the viewer's link."""
    return lossy(seed, kind, viewer={**PATH, "loss": 2})


def loss_both(seed, kind):
    """The same on both links, and 2 % of the packets come 20 ms later, so that others overtake them."""
    link = {**PATH, "loss": 2, "reorder": "2,20"}
    return lossy(seed, kind, robot=link, viewer=link)


def lossy(seed, kind, robot=None, viewer=None):
    """32 s over links with these settings."""
    with driving(seed, 2000, kind=kind, viewer=viewer, **(robot or {})) as drive:
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
                BROKEN_PICTURES: broken(drive.frames(0, 32)) + len(drive.unreadable()),
                IN_A_ROW: most_in_a_row(drive),
                "sent, kbit/s": drive.kbps(2, 31),
                "commands p99, ms": percentile(drive.command_ages(2, 31), 0.99)}


def most_in_a_row(drive):
    """Of the pictures that are broken or unreadable."""
    bad = sorted([(frame.at, frame.error > BROKEN) for frame in drive.frames()] + [(at, True) for at in drive.unreadable()])
    return max((len(list(row)) for is_bad, row in itertools.groupby(bad, lambda one: one[1]) if is_bad), default=0)


def broken(frames):
    return sum(frame.error > BROKEN for frame in frames)


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
                BROKEN_PICTURES: broken(frames) + len(drive.unreadable()),
                "sent in the burst, kbit/s": drive.kbps(6, 11),
                "commands p99, ms": percentile(drive.command_ages(6, 11), 0.99)}


FIGURES = {"steps": steps, "loss": loss, "loss-viewer": loss_viewer, "loss-both": loss_both, "burst": burst, **recovery.FIGURES, **ways.FIGURES}


def take(name, runs, kinds, first=1):
    """Prints the median and the worst run of each of a figure's numbers."""
    for kind in kinds if name in ("steps", "loss", "burst") else kinds[:1]:
        results = []
        for seed in range(first, first + runs):
            results.append(FIGURES[name](seed, kind))
            if verbose:
                print(f"  {name} {seed} {kind}: {json.dumps(results[-1])}", file=sys.stderr, flush=True)
        wanted = [key for key in results[0] if kind == kinds[0] or key.startswith("commands")]
        for key in wanted:
            values = [result[key] for result in results]
            title = f"{key} ({kind})" if key.startswith("commands") else key
            what, _, unit = key.rpartition(", ")
            history.record("netlab", f"{name}: {title.replace(f', {unit}', '') if what else title}", unit if what else "", values)
            worst = "" if "kbit/s" in key else f"worst {max(values):.2f}, "  # of rates none is the worst
            print(f"netlab   {name:6} {title:42} {statistics.median(values):8.2f}  "
                  f"({worst}runs {', '.join(f'{value:.2f}' for value in values)})", flush=True)
            if key == IN_A_ROW:
                hit = [seed for seed, value in enumerate(values, first) if value >= HIT]
                print(f"netlab   {name:6} {f'runs with {HIT} and more of these':42} {len(hit):8} of {runs}"
                      + (f"  (seeds {', '.join(map(str, hit))})" if hit else ""), flush=True)


def netlab():
    for name in FIGURES:
        take(name, 3, KINDS)


def main():
    global verbose
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=", ".join(FIGURES))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--first", type=int, default=1, metavar="SEED", help="of the first run; each has the next one")
    parser.add_argument("--kind", action="append", choices=KINDS, help="how commands are sent; all")
    parser.add_argument("--verbose", action="store_true", help="what happened each second")
    arguments = parser.parse_args()
    verbose = arguments.verbose
    for name in arguments.figures or FIGURES:
        take(name, arguments.runs, arguments.kind or KINDS, arguments.first)


if __name__ == "__main__":
    main()
