#!/usr/bin/env python3
"""run.py [FIGURE…]: measures the figures of README.md on this machine and prints them, medians of interleaved runs.

Figures: latency, start, cpu, server, data. Needs ./dev build."""
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

BUILD = pathlib.Path(__file__).resolve().parent.parent / "build/release"
RTCPUB = BUILD / "rtcpub"
ROUNDS = 3
TICKS = os.sysconf("SC_CLK_TCK")


class Program:
    """A child process whose standard output is read line by line."""

    def __init__(self, *command, binary=False):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=not binary)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.communicate(timeout=5)
        self.process.kill()

    def wait_for(self, pattern):
        for line in self.process.stdout:
            found = re.search(pattern, line)
            if found:
                return found
        raise RuntimeError(f"{self.process.args} ended before it printed {pattern}")

    def drain(self):
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        return self

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextlib.contextmanager
def server():
    """A server on free ports; yields the program, its plain address for this machine, and how to reach it with TLS."""
    with tempfile.TemporaryDirectory() as data, \
            Program(RTCPUB, "serve", "--listen", "127.0.0.1:0", "--media-port", "0", "--data-dir", data) as program:
        url = program.wait_for(r"console http://(\S+)/")[1]
        yield program.drain(), f"ws://{url}", ["--server", f"wss://{url}", "--ca", f"{data}/cert.pem"]


@contextlib.contextmanager
def publisher(url, video, *options):
    with Program(RTCPUB, "publish", "--server", url, "--channel", "bench", "--video", video, *options) as program:
        program.wait_for("success")
        yield program.drain()


def percentile(values, fraction):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * fraction))]


def picture(size):
    return f"test:?size={size}&fps=30&stamp"


def numbers(*command):
    """What a probe prints, in milliseconds."""
    output = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout
    return [int(line) / 1000 for line in output.split()]


# --- figures

LATENCY_CASES = {
    "H264 1280x720, 2 Mbit/s": ("1280x720", "h264", []),
    "H264 1280x720, 2 Mbit/s, --lan": ("1280x720", "h264", ["--lan"]),
    "VP8 640x480, 2 Mbit/s": ("640x480", "vp8", []),
    "VP8 640x480, 2 Mbit/s, --lan": ("640x480", "vp8", ["--lan"]),
}
SETTLING_FRAMES = 90  # the first three seconds, while the estimate rises


def latency():
    """Capture to decoded frame, publish -> serve -> subscribe, three processes."""
    runs = {name: [] for name in LATENCY_CASES}
    for _ in range(ROUNDS):
        for name, (size, codec, options) in LATENCY_CASES.items():
            with server() as (_, url, _), publisher(url, picture(size), "--codec", codec, "--bitrate", "2M", *options):
                ages = numbers(BUILD / "bench/frame_probe", url, "bench", 20)[SETTLING_FRAMES:]
            runs[name].append((percentile(ages, 0.5), percentile(ages, 0.99), len(ages)))
    for name, results in runs.items():
        p50, p99, frames = (statistics.median(column) for column in zip(*results))
        print(f"latency  {name:34} p50 {p50:5.1f} ms  p99 {p99:5.1f} ms  ({frames:.0f} frames a run; "
              f"runs {', '.join(f'{r[0]:.1f}/{r[1]:.1f}' for r in results)})")


def first_picture(secure):
    """A subscriber that writes its pictures: the first byte is the first decoded frame."""
    return Program(RTCPUB, "subscribe", *secure, "--channel", "bench", "--video", "-", binary=True)


def start_subscriber(url, secure):
    with publisher(url, picture("1280x720")):
        time.sleep(2)  # a publisher that has been live for a while
        begun = time.monotonic()
        with first_picture(secure) as program:
            program.process.stdout.read(1)
            return (time.monotonic() - begun) * 1000


def start_publisher(_, secure):
    with first_picture(secure) as viewer:
        time.sleep(2)  # a viewer that waits
        begun = time.monotonic()
        with Program(RTCPUB, "publish", *secure, "--channel", "bench", "--video", picture("1280x720")) as robot:
            robot.drain()
            viewer.process.stdout.read(1)
            return (time.monotonic() - begun) * 1000


def start():
    """Start of a program to the first decoded frame, over TLS with its verification."""
    measures = {"subscribe": start_subscriber, "publish": start_publisher}
    runs = {name: [] for name in measures}
    for _ in range(2 * ROUNDS):
        for name, measure in measures.items():
            with server() as (_, url, secure):
                runs[name].append(measure(url, secure))
    for name, results in runs.items():
        print(f"start    rtcpub {name:27} {statistics.median(results):5.0f} ms to the first decoded frame "
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
    print(f"cpu      publisher, H264 1280x720 at 30 fps   {statistics.median(results):.3f} core "
          f"(runs {', '.join(f'{r:.3f}' for r in results)})")


def server_load():
    """200 subscribers at 2 Mbit/s each, by the load client."""
    results = []
    for _ in range(ROUNDS):
        with server() as (program, url, _):
            output = subprocess.run([str(BUILD / "bench/load_client"), "--url", url, "--channel", "load", "--pid",
                                     str(program.process.pid), "--subscribers", "200", "--kbps", "2000", "--seconds",
                                     "10"], capture_output=True, text=True, check=True).stdout
            figures = json.loads(output)
        results.append({"CPU a forwarded packet, µs": figures["server"]["cpu_us_per_packet"],
                        "waiting for a core, %": figures["server"]["wait_percent"],
                        "RSS a subscriber, kB": figures["server"]["rss_kb_per_subscriber"],
                        "added delay p50, ms": figures["latency_ms"]["p50"],
                        "added delay p99, ms": figures["latency_ms"]["p99"],
                        "lost packets": figures["lost"]})
    for name in results[0]:
        values = [result[name] for result in results]
        print(f"server   200 subscribers, {name:28} {statistics.median(values):7.2f}  "
              f"(runs {', '.join(f'{value:.2f}' for value in values)})")


def data():
    """Round trip of 100 bytes at 50 Hz beside 720p video."""
    results = []
    for _ in range(ROUNDS):
        with server() as (_, url, _), Program(BUILD / "bench/data_probe", "echo", url, "bench") as robot:
            robot.drain()
            times = numbers(BUILD / "bench/data_probe", "ping", url, "bench", 15)[50:]
        results.append((percentile(times, 0.5), percentile(times, 0.99), len(times)))
    p50, p99, count = (statistics.median(column) for column in zip(*results))
    print(f"data     round trip, 100 bytes at 50 Hz       p50 {p50:.2f} ms  p99 {p99:.2f} ms  ({count:.0f} a run; "
          f"runs {', '.join(f'{r[0]:.2f}/{r[1]:.2f}' for r in results)})")


FIGURES = {"latency": latency, "start": start, "cpu": cpu, "server": server_load, "data": data}


def main():
    wanted = sys.argv[1:] or list(FIGURES)
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        sys.exit(f"there is no figure {', '.join(unknown)}: choose from {', '.join(FIGURES)}")
    for name in wanted:
        FIGURES[name]()


if __name__ == "__main__":
    main()
