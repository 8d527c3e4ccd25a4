"""Control: how true the gate's loop delay is, how soon commands and the lease arrive, what the gate costs, what it does on the
worst links, and the stops."""

import json
import os
import pathlib
import subprocess
import tempfile
import time

from history import record
from programs import BUILD, ROUNDS, RTCPUB, Program, numbers, percentile, publisher, server

PROBE = BUILD / "bench/control_probe"
VIDEO = "test:?size=640x360&fps=30&stamp"
HAND_OVERS = 100
STOP_TRIALS = 200
LINK_COMMANDS = 10_000
FRAME_MS = 1000 / 30
PAGE = pathlib.Path(__file__).resolve().parent / "control_page.mjs"
KEYS, TABS = 100, 70  # a run


def accepted(log):
    """The commands that a gate took, of its log."""
    events = [json.loads(line) for line in pathlib.Path(log).read_text().splitlines()]
    return [event for event in events if event["event"] == "command" and event["verdict"] == "accepted"]


def time_in(axes, name):
    """Microseconds modulo 2^32, as control_probe puts them."""
    return round(axes[name + "_high"] * 65536) * 65536 + round(axes[name + "_low"] * 65536)


def since(command, name):
    """Milliseconds from that time to the gate's verdict."""
    return ((command["at"] - time_in(command["axes"], name)) % 2**32) / 1000


def loop_delay():
    """What the gate takes for the loop delay, beside what stamps and clocks of one machine say; and how long commands take."""
    errors, ways = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as data, server() as (_, url, _), \
                publisher(url, VIDEO, "--control", "--control-log", f"{data}/log"):
            subprocess.run([str(PROBE), url, "bench", "pictures", "20"], check=True)
            driven = [command for command in accepted(f"{data}/log") if "taken_low" in command["axes"]]
        errors.append([abs(command["delay_ms"] - since(command, "taken")) for command in driven])
        firsts = {command["axes"]["given_low"]: command for command in reversed(driven)}.values()  # not the repeats
        ways.append([since(command, "given") for command in firsts])
    p50, p99 = (record("control", f"loop delay's error, p{share}", "ms", [percentile(run, share / 100) for run in errors])
                for share in (50, 99))
    print(f"control  loop delay: error p50 {p50:.2f} ms  p99 {p99:.2f} ms  ({', '.join(str(len(run)) for run in errors)} commands)")
    p50, p99 = (record("control", f"command to gate, p{share}", "ms", [percentile(run, share / 100) for run in ways])
                for share in (50, 99))
    print(f"control  a program's command, given to accepted: p50 {p50:.2f} ms  p99 {p99:.2f} ms")


def hand_over():
    """The lease asked for, its holder consenting at once, to the new driver's first command accepted."""
    runs = []
    for _ in range(ROUNDS):
        with server() as (_, url, _), publisher(url, VIDEO, "--control"):
            runs.append(numbers(PROBE, url, "bench", "hand-overs", HAND_OVERS))
    p50 = record("control", "hand-over, p50", "ms", [percentile(run, 0.5) for run in runs])
    worst = record("control", "hand-over, longest", "ms", [max(run) for run in runs])
    print(f"control  hand-over with consent: p50 {p50:.1f} ms  longest {worst:.1f} ms  ({HAND_OVERS} a run)")


def cost():
    """What a robot without video spends on 50 commands a second, beyond what it spends on nobody."""
    runs, gates = [], []
    for _ in range(ROUNDS):
        with server() as (_, url, _), Program(RTCPUB, "publish", "--server", url, "--channel", "bench", "--data", "metric",
                                              "--control", "--control-allow-blind") as robot:
            robot.wait_for("success")
            robot.drain()
            idle = cpu_share(robot)
            with Program(RTCPUB, "drive", "--server", url, "--channel", "bench", "--script", "-") as driver:
                driver.process.stdin.write("take\n200 {}\n60000 {\"throttle\":0.5}\n")
                driver.process.stdin.flush()
                time.sleep(2)
                gate, begun = robot.cpu_seconds_of("rtcpub-gate"), time.monotonic()
                runs.append(cpu_share(robot) - idle)
                gates.append((robot.cpu_seconds_of("rtcpub-gate") - gate) / (time.monotonic() - begun))
    share = record("control", "robot's CPU for 50 commands a second", "core", runs)
    own = record("control", "… the gate's thread", "core", gates)
    print(f"control  50 commands a second cost a robot {share:.4f} core, {own:.4f} of it in the gate "
          f"(runs {', '.join(f'{run:.4f}/{gate:.4f}' for run, gate in zip(runs, gates))})")


def cpu_share(program, seconds=10):
    before, begun = program.cpu_seconds(), time.monotonic()
    time.sleep(seconds)
    return (program.cpu_seconds() - before) / (time.monotonic() - begun)


def page():
    """Keys in Chromium; needs ./dev test's browser and packages."""
    runs = []
    for _ in range(ROUNDS):
        told = subprocess.run(["node", str(PAGE), str(KEYS), str(TABS)], check=True, capture_output=True, text=True,
                              env={**os.environ, "RTCPUB_PROGRAM": str(RTCPUB)}).stdout
        runs.append(json.loads(told))
    for name, what in (("accepted", "key down in Chromium to accepted"), ("visible", "key down to seen in the picture"),
                       ("decoded", "capture to the page, same run"), ("closed", "stop, tab closed"), ("hidden", "stop, tab hidden")):
        p50, p99, worst = (record("control", f"{what}, {share}", "ms", [of(run[name]) for run in runs])
                           for share, of in (("p50", lambda run: percentile(run, 0.5)), ("p99", lambda run: percentile(run, 0.99)),
                                             ("longest", max)))
        print(f"control  {what:36} p50 {p50:6.1f}  p99 {p99:6.1f}  longest {worst:6.1f} ms  ({len(runs[0][name])} a run)")
    beyond = [percentile(run["visible"], 0.5) - percentile(run["decoded"], 0.5) for run in runs]
    print(f"control  seen later than captured and decoded by {record('control', 'action to photon beyond decoding', 'ms', beyond):.1f} ms "
          f"(1.5 frame intervals: {1.5 * FRAME_MS:.1f} ms)")


def links():
    """Needs root: the lab."""
    from control_links import LIFE_MS, measure  # pylint: disable=import-outside-toplevel

    given, seen, _ = measure(LINK_COMMANDS)
    ages = [record("control", f"age of accepted commands, worst links, {share}", "ms", [of(seen.ages)])
            for share, of in (("p50", lambda run: percentile(run, 0.5)), ("longest", max))]
    beyond = record("control", "commands accepted after their life, worst links", "commands", [seen.beyond])
    record("control", "motors that moved unbidden, worst links", "times", [seen.unbidden])
    print(f"control  worst links: {given} given, {seen.arrived} arrived, {len(seen.accepted)} accepted, refused {seen.refused}; "
          f"age p50 {ages[0]:.1f}  longest {ages[1]:.1f} ms, {seen.late} above {LIFE_MS} ms, {beyond:.0f} above that and what clocks "
          f"may be wrong; motors moved unbidden {seen.unbidden} times, silence to neutral at most {seen.longest:.1f} ms")


def stops():
    """Needs root: the lab."""
    from control_stops import PROMISE_MS, FAULTS, measure  # pylint: disable=import-outside-toplevel

    for name in FAULTS:
        values = measure([name], STOP_TRIALS, rigs=4)[name]
        p50 = record("control", f"stop, {name}, p50", "ms", [percentile(values, 0.5)])
        worst = record("control", f"stop, {name}, longest", "ms", [max(values)])
        print(f"control  stop: {name:48} p50 {p50:6.1f}  longest {worst:6.1f} ms  "
              f"({sum(value <= PROMISE_MS for value in values)} of {len(values)} within {PROMISE_MS} ms)", flush=True)


def control():
    loop_delay()
    hand_over()
    cost()
    page()
    links()
    stops()
