#!/usr/bin/env python3
"""control_links.py [--commands N] [--schedule NAME]: what a robot does with a driver's commands while both links are as bad as
the lab makes them. Every command says when it was given; all clocks are this machine's, so its true age is known. Needs root and
./dev build."""
import argparse
import bisect
import pathlib
import sys
import tempfile
import time

from netlab_drive import BUILD, percentile  # it says where the lab is
from control_rig import VIDEO, Lines
from lab import Lab
from program import Program
from schedule import Schedule
from session import Session

PROBE = BUILD / "bench/control_probe"
LIFE_MS, STOP_MS = 150, 200
SCHEDULING_MS = 10


NEIGHBOURS = 10


def _given(command):
    """In microseconds of this machine's clock, modulo 2^32, as control_probe puts it."""
    axes = command["axes"]
    return round(axes["given_high"] * 65536) * 65536 + round(axes["given_low"] * 65536)


def true_ages(commands):
    """Milliseconds from when each was sent to the gate's verdict. The library repeats what isn't renewed in time: a command then
    says it was given later, by the server's clock, than its axes say, and more so than those around it."""
    between = [(command["given"] - _given(command)) % 2**32 for command in commands]
    ages = []
    for i, command in enumerate(commands):
        at_once = min(between[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1])
        sent = _given(command) + between[i] - at_once
        ages.append(((command["at"] - sent) % 2**32) / 1000)
    return ages


class Outcome:
    """What the gate's log and the motors' lines say."""

    def __init__(self, log, motors):
        commands = [line for line in log if line["event"] == "command" and "given_low" in line["axes"]]
        self.arrived = len(commands)
        self.refused = {}
        for command in commands:
            if command["verdict"] != "accepted":
                self.refused[command["verdict"]] = self.refused.get(command["verdict"], 0) + 1
        self.accepted = [command for command in commands if command["verdict"] == "accepted"]
        self.ages = true_ages(self.accepted)
        self.late = sum(age > LIFE_MS for age in self.ages)
        self.beyond = sum(age > LIFE_MS + command["bound_ms"] for age, command in zip(self.ages, self.accepted))
        self.bounds = [command["bound_ms"] for command in self.accepted]
        self.wrong = [abs(command["age_ms"] - age) for age, command in zip(self.ages, self.accepted)]
        self.unbidden, self.longest = _motion(motors, sorted(command["at"] for command in self.accepted))


def _motion(motors, accepted):
    """How many of the motors' moving lines no command of the last 200 ms had asked for, and the longest, in milliseconds, from
    the last command that was accepted to the line by which they stood still."""
    unbidden, longest, moved = 0, 0.0, False
    for line in (line["car"] for line in motors):
        last = bisect.bisect_right(accepted, line["at"])
        since = (line["at"] - accepted[last - 1]) / 1000 if last else float("inf")
        if not line["neutral"]:
            unbidden += since > STOP_MS + SCHEDULING_MS
        elif moved and line["reason"] in ("expired", "silence"):
            longest = max(longest, since)
        moved = not line["neutral"]
    return unbidden, longest


def measure(commands, name="worst", seed=1):
    """Until so many have been given."""
    schedule = Schedule.named(name)
    with tempfile.TemporaryDirectory() as data, Lab(seed) as lab, Session(lab, pathlib.Path(data)) as session:
        log, motors = Lines(pathlib.Path(data) / "log"), Lines(pathlib.Path(data) / "motors")
        session.serve()
        session.publish("--video", VIDEO, "--codec", "vp8", "--bitrate", "200k", "--control-allow-blind", "--control-log",
                        f"{data}/log", "--car", f"print:{data}/motors")  # fmt: skip
        where = f"wss://{session.server_host.address}:8267"
        given, rounds = 0, 0
        while given < commands:
            driver = Program(*session.viewer.command(PROBE, where, Session.CHANNEL, "steady", str(int(schedule.duration))))
            try:
                _play(schedule, lab)
                given += int(driver.wait_for(lambda line: line.isdigit() and line))
            finally:
                driver.kill()
            rounds += 1
            print(f"links    {given} commands given in {rounds} rounds", file=sys.stderr)
        time.sleep(3)
        return given, Outcome(log.all(), motors.all()), {host: lab.counters(host, "up") for host in ("viewer", "robot")}


def _play(schedule, lab):
    begun = time.monotonic()
    for seconds, setting in sorted(schedule.settings):
        time.sleep(max(0.0, begun + seconds - time.monotonic()))
        lab.command(f"set {setting}")
    time.sleep(max(0.0, begun + schedule.duration - time.monotonic()))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=10_000, help="to be given")
    parser.add_argument("--schedule", default="worst", help="of tests/netlab/schedules")
    options = parser.parse_args()
    given, outcome, counters = measure(options.commands, options.schedule)
    print(f"links  {given} commands given, {outcome.arrived} arrived, {len(outcome.accepted)} accepted; refused: {outcome.refused}")
    print(f"links  age of those accepted: p50 {percentile(outcome.ages, 0.5):.1f}  p99 {percentile(outcome.ages, 0.99):.1f}  "
          f"max {max(outcome.ages):.1f} ms; {outcome.late} above {LIFE_MS} ms, {outcome.beyond} above that and what clocks may be wrong")
    print(f"links  the gate's word for the age is wrong by p50 {percentile(outcome.wrong, 0.5):.1f}, at most {max(outcome.wrong):.1f} ms, "
          f"bound p50 {percentile(outcome.bounds, 0.5):.1f}, at most {max(outcome.bounds):.1f} ms")
    print(f"links  the motors moved {outcome.unbidden} times unbidden; silence to neutral at most {outcome.longest:.1f} ms")
    print(f"links  {counters}")
    sys.exit(outcome.beyond > 0 or outcome.unbidden > 0)


if __name__ == "__main__":
    main()
