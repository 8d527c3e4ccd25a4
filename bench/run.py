#!/usr/bin/env python3
"""run.py [--json] [FIGURE…]: measures the figures of docs/figures.md on this machine and prints them, medians of interleaved
runs; adds them to bench/history.csv, or with --json prints each as a line of JSON instead.

Figures: latency, start, cpu, server, overload, memory, scraping, data, media, parsers, control, netlab. Needs ./dev build; control and
netlab need root, too, and are taken only if they are named. RTCPUB_ROUNDS is how many runs each takes, RTCPUB_BENCH_BUILD the build to measure."""
import contextlib
import dataclasses
import json
import statistics
import subprocess
import sys
import time

import history
from history import record
from media_figures import ENCODER_CASES, media
from programs import BUILD, ROUNDS, RTCPUB, SETTLING_FRAMES, Program, numbers, percentile, picture, publisher, server
from server_figures import memory, overload, scraping, server_load

# --- figures

LATENCY_CASES = {
    "H264 1280x720, 2 Mbit/s": ("1280x720", "h264", []),
    "H264 1280x720, 2 Mbit/s, --lan": ("1280x720", "h264", ["--lan"]),
    "VP8 640x480, 2 Mbit/s": ("640x480", "vp8", []),
    "VP8 640x480, 2 Mbit/s, --lan": ("640x480", "vp8", ["--lan"]),
}


def latency(cases=None):
    """Capture to decoded frame, publish -> serve -> subscribe, three processes."""
    cases = cases or LATENCY_CASES
    runs = {name: [] for name in cases}
    for _ in range(ROUNDS):
        for name, (size, codec, options) in cases.items():
            with server() as (_, url, _), publisher(url, picture(size), "--codec", codec, "--bitrate", "2M", *options):
                ages = numbers(BUILD / "bench/frame_probe", url, "bench", 20)[SETTLING_FRAMES:]
            runs[name].append((percentile(ages, 0.5), percentile(ages, 0.99), len(ages)))
    for name, results in runs.items():
        p50s, p99s, frames = zip(*results)
        p50, p99 = record("latency", f"{name}, p50", "ms", p50s), record("latency", f"{name}, p99", "ms", p99s)
        frames = statistics.median(frames)
        print(f"latency  {name:34} p50 {p50:5.1f} ms  p99 {p99:5.1f} ms  ({frames:.0f} frames a run; "
              f"runs {', '.join(f'{r[0]:.1f}/{r[1]:.1f}' for r in results)})")


RATE_MS = 1000  # y4m begins when the stream's rate has been measured for so long


def first_picture(secure):
    """A subscriber that writes its pictures: the first byte comes RATE_MS behind the first decoded frame, or up to one
    interval of pictures later."""
    return Program(RTCPUB, "subscribe", *secure, "--channel", "bench", "--video", "-", binary=True)


def start_subscriber(url, secure):
    with publisher(url, picture("1280x720")):
        time.sleep(2)  # a publisher that has been live for a while
        begun = time.monotonic()
        with first_picture(secure) as program:
            program.process.stdout.read(1)
            return (time.monotonic() - begun) * 1000 - RATE_MS


def start_publisher(_, secure):
    with first_picture(secure) as viewer:
        time.sleep(2)  # a viewer that waits
        begun = time.monotonic()
        with Program(RTCPUB, "publish", *secure, "--channel", "bench", "--video", picture("1280x720")) as robot:
            robot.drain()
            viewer.process.stdout.read(1)
            return (time.monotonic() - begun) * 1000 - RATE_MS


def start():
    """Start of a program to the first decoded frame, over TLS with its verification."""
    measures = {"subscribe": start_subscriber, "publish": start_publisher}
    runs = {name: [] for name in measures}
    for _ in range(2 * ROUNDS):
        for name, measure in measures.items():
            with server() as (_, url, secure):
                runs[name].append(measure(url, secure))
    for name, results in runs.items():
        median = record("start", f"{name} to the first decoded frame", "ms", results)
        print(f"start    rtcpub {name:27} {median:5.0f} ms to the first decoded frame "
              f"(runs {', '.join(f'{r:.0f}' for r in results)})")


def cpu():
    """The publisher's CPU with one viewer."""
    results = []
    for _ in range(ROUNDS):
        with server() as (_, url, _), publisher(url, picture("1280x720"), "--codec", "h264") as robot, \
                Program(RTCPUB, "subscribe", "--server", url, "--channel", "bench") as viewer:
            viewer.drain()
            time.sleep(3)
            before, begun = robot.cpu_seconds(), time.monotonic()
            time.sleep(10)
            results.append((robot.cpu_seconds() - before) / (time.monotonic() - begun))
    print(f"cpu      publisher, H264 1280x720 at 30 fps   {record('cpu', 'publisher, H264 1280x720', 'core', results):.3f} core "
          f"(runs {', '.join(f'{r:.3f}' for r in results)})")


def data():
    """Round trip of 100 bytes at 50 Hz beside 720p video."""
    results = []
    for _ in range(ROUNDS):
        with server() as (_, url, _), Program(BUILD / "bench/data_probe", "echo", url, "bench") as robot:
            robot.drain()
            times = numbers(BUILD / "bench/data_probe", "ping", url, "bench", 15)[50:]
        results.append((percentile(times, 0.5), percentile(times, 0.99), len(times)))
    p50s, p99s, counts = zip(*results)
    p50, p99 = record("data", "round trip, p50", "ms", p50s), record("data", "round trip, p99", "ms", p99s)
    count = statistics.median(counts)
    print(f"data     round trip, 100 bytes at 50 Hz       p50 {p50:.2f} ms  p99 {p99:.2f} ms  ({count:.0f} a run; "
          f"runs {', '.join(f'{r[0]:.2f}/{r[1]:.2f}' for r in results)})")


def all_media():
    """Encoders, cameras, video that comes encoded."""
    latency(ENCODER_CASES)
    media()


PARSE_PROBE = BUILD / "bench/parse_probe"


def parsers():
    """CPU to read what strangers send, by size: the largest that was taken, and the largest that was refused."""
    rows = {}
    for line in subprocess.run([str(PARSE_PROBE)], capture_output=True, text=True, check=True).stdout.splitlines():
        name, thread, size, verdict, microseconds = line.split("\t")
        rows.setdefault((name, thread), []).append((int(size), verdict == "taken", float(microseconds)))
    for (name, thread), sizes in rows.items():
        # How much longer twice as much takes, over the upper half of the sizes that cost anything.
        told = [f"{kind} {worst[2] / 1000:.2f} ms of {worst[0] / 1024:.0f} kB"
                for kind, wanted in (("taken", True), ("refused", False))
                if (worst := max((row for row in sizes if row[1] == wanted), key=lambda row: row[2], default=None))]
        record("parsers", f"{name} ({thread})", "µs", [max(row[2] for row in sizes)])
        growth = [larger[2] / smaller[2] for smaller, larger in zip(sizes, sizes[1:])
                  if larger[0] > 1.5 * smaller[0] and larger[1] == smaller[1] and smaller[2] > 20]
        print(f"parsers  {thread:6} {name:34} {', '.join(told)}; twice as much takes at most "
              f"{max(growth, default=0):.1f} times as long")


def control():
    """Drivers, gates and motors."""
    from control_figures import control as measure  # pylint: disable=import-outside-toplevel

    measure()


def netlab():
    """Networks, in the emulated lab."""
    from netlab import netlab as measure  # pylint: disable=import-outside-toplevel

    measure()


FIGURES = {"latency": latency, "start": start, "cpu": cpu, "server": server_load, "overload": overload, "memory": memory,
           "scraping": scraping, "data": data, "media": all_media, "parsers": parsers, "control": control, "netlab": netlab}
ON_DEMAND = ("control", "netlab")


def main():
    as_json = "--json" in sys.argv
    wanted = [word for word in sys.argv[1:] if word != "--json"] or [name for name in FIGURES if name not in ON_DEMAND]
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        sys.exit(f"there is no figure {', '.join(unknown)}: choose from {', '.join(FIGURES)}")
    for name in wanted:
        with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
            FIGURES[name]()
    if as_json:
        for figure in history.measured:
            print(json.dumps(dataclasses.asdict(figure)))
    elif history.measured:
        history.append(history.measured)


if __name__ == "__main__":
    main()
