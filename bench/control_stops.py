#!/usr/bin/env python3
"""control_stops.py [--trials N] [--rigs N] [FAULT…]: from the last command that the gate accepted to the line by which
`rtcpub car` wrote neutral, for each way in which a drive can end, with real processes in the emulated lab. Needs root and
./dev build. Rigs run side by side, each with a server, a robot and a driver of its own."""
import argparse
import contextlib
import json
import multiprocessing
import pathlib
import random
import sys
import tempfile
import time

from netlab_drive import percentile  # it says where the lab is
from control_faults import FAULTS, counts_from_fault
from control_rig import ControlRig
from lab import Lab

PROMISE_MS = 210  # the stop's 200 ms, and 10 ms of scheduling


def trial(rig, chance, name):
    """Milliseconds from the last command that was accepted, or from the fault, to neutral."""
    rig.take()
    time.sleep(chance.uniform(0.05, 0.25))
    while rig.motors.all()[-1]["car"]["neutral"]:  # the machine was busy elsewhere, and the car has stopped for that
        rig.rest()
        rig.take()
    begin = len(rig.motors.all())
    undo = FAULTS[name](rig)
    try:
        neutral = rig.neutral_after(begin)
    finally:
        undo()
    since = rig.struck if counts_from_fault(name) else rig.last_accepted(neutral["at"])
    rig.rest()
    return (neutral["at"] - since) / 1000


def run_rig(job):
    seed, faults, trials = job
    chance = random.Random(seed)
    results = {name: [] for name in faults}
    with tempfile.TemporaryDirectory() as data, Lab(seed) as lab, ControlRig(lab, pathlib.Path(data)) as rig:
        rig.start()
        for _ in range(trials):
            for name in faults:
                try:
                    results[name].append(trial(rig, chance, name))
                except AssertionError as error:
                    results[name].append(float("inf"))
                    print(f"rig {seed}, {name}: {error}", file=sys.stderr)
    return results


def measure(faults, trials, rigs):
    """Milliseconds, by fault."""
    jobs = [(seed, faults, -(-trials // rigs)) for seed in range(1, rigs + 1)]
    with multiprocessing.Pool(rigs) as pool:
        done = pool.map(run_rig, jobs, chunksize=1)
    return {name: [value for results in done for value in results[name]] for name in faults}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200, help="of each fault")
    parser.add_argument("--rigs", type=int, default=3, help="side by side")
    parser.add_argument("--json", action="store_true", help="all values")
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=", ".join(FAULTS))
    options = parser.parse_args()
    faults = options.faults or list(FAULTS)
    if unknown := [name for name in faults if name not in FAULTS]:
        sys.exit(f"there is no fault {', '.join(unknown)}: choose from {', '.join(FAULTS)}")
    results = {}
    for name in faults:
        results |= measure([name], options.trials, options.rigs)
        values = results[name]
        kept = sum(value <= PROMISE_MS for value in values)
        with contextlib.suppress(BrokenPipeError):
            print(f"stops  {name:48} p50 {percentile(values, 0.5):6.1f}  p99 {percentile(values, 0.99):6.1f}  "
                  f"max {max(values):6.1f} ms  ({kept} of {len(values)} within {PROMISE_MS} ms)", flush=True)
    if options.json:
        print(json.dumps(results))
    sys.exit(any(value > PROMISE_MS for values in results.values() for value in values))


if __name__ == "__main__":
    main()
