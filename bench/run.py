#!/usr/bin/env python3
"""run.py [--json] [FIGURE…]: measures the figures of docs/figures.md on this machine and prints them, medians of interleaved
runs; adds them to bench/history.csv, or with --json prints each as a line of JSON instead.

Figures: latency, start, cpu, server, overload, memory, scraping, data, media, parsers, netlab. Needs ./dev build; netlab needs root,
too, and is taken only if it is named. RTCPUB_ROUNDS is how many runs each takes, RTCPUB_BENCH_BUILD the build to measure."""
import contextlib
import dataclasses
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
import urllib.request

import history
from history import record

BUILD = pathlib.Path(os.environ.get("RTCPUB_BENCH_BUILD") or pathlib.Path(__file__).resolve().parent.parent / "build/release")
RTCPUB = BUILD / "rtcpub"
ROUNDS = int(os.environ.get("RTCPUB_ROUNDS", "3"))
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

    def resident_kb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])

    def cpu_seconds(self):
        return cpu_seconds(pathlib.Path(f"/proc/{self.process.pid}/stat"))

    def cpu_seconds_of(self, thread):
        """Of the threads whose name begins so."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(cpu_seconds(task / "stat") for task in tasks if (task / "comm").read_text().startswith(thread))


def cpu_seconds(stat):
    fields = stat.read_text().rpartition(")")[2].split()
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
        what, _, unit = name.partition(", ")
        print(f"server   200 subscribers, {name:28} {record('server', f'200 subscribers, {what}', unit, values):7.2f}  "
              f"(runs {', '.join(f'{value:.2f}' for value in values)})")


SERVER_CORE, CLIENT_CORE = 0, 1
OVERLOADS = (1.0, 1.5)
BEFORE = os.environ.get("RTCPUB_BEFORE")  # a program to compare with, of an earlier build


@contextlib.contextmanager
def pinned_server(program):
    """A server that has one core, three quarters of which others take: so the load client, on the other core, can take more
    than the server can send. Yields the server and its address."""
    pin = ["taskset", "--cpu-list", SERVER_CORE]
    with tempfile.TemporaryDirectory() as data, contextlib.ExitStack() as others, \
            Program(*pin, program, "serve", "--listen", "127.0.0.1:0", "--media-port", "0", "--data-dir", data) as server_:
        url = server_.wait_for(r"console http://(\S+)/")[1]
        for _ in range(3):
            others.enter_context(Program(*pin, sys.executable, "-c", "while True: pass"))
        yield server_.drain(), url


def load_client(server_, url, *options):
    command = ["taskset", "--cpu-list", CLIENT_CORE, BUILD / "bench/load_client", "--url", f"ws://{url}", "--pid",
               server_.process.pid, "--kbps", 2000, *options]
    return json.loads(subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout)


def saturating_subscribers(program, channels):
    with pinned_server(program) as (server_, url):
        found = load_client(server_, url, "--channels", channels, "--saturate", "--subscribers", 40, "--settle", 1,
                            "--seconds", 3)
    print(f"overload {channels} channel(s): {found['subscribers']} subscribers saturate the server's quarter of a core "
          f"(the load client takes {found['client_cpu_percent']:.0f} % of the other one)", flush=True)
    return found["subscribers"]


def overload():
    """The server with 1 and 1.5 times what saturates it: one channel with all subscribers, and ten. On two cores."""
    if os.cpu_count() < 2:
        sys.exit("overload needs two cores: one for the server, one for its clients")
    programs = {"before": BEFORE, "": RTCPUB} if BEFORE else {"": RTCPUB}
    for channels in (1, 10):
        saturating = saturating_subscribers(BEFORE or RTCPUB, channels)
        for factor in OVERLOADS:
            for _ in range(ROUNDS):
                for name, program in programs.items():
                    overloaded(program, name, channels, factor, round(saturating * factor))


def overloaded(program, name, channels, factor, subscribers):
    with pinned_server(program) as (server_, url):
        try:
            figures = load_client(server_, url, "--channels", channels, "--commands", "--subscribers", subscribers, "--settle",
                                  8, "--seconds", 15)
        except subprocess.CalledProcessError as failed:
            print(f"overload {name:6} {channels:2} channel(s) {factor:3.1f} x: {failed.stderr.strip()}", flush=True)
            return
        with urllib.request.urlopen(f"http://{url}/api/channels", timeout=10) as answer:
            said = json.load(answer).get("overloaded")
    added, command = figures["latency_ms"], figures["command_ms"]
    print(f"overload {name:6} {channels:2} channel(s) {factor:3.1f} x = {subscribers} subscribers: added delay p50 "
          f"{added['p50']:.1f} p99 {added['p99']:.1f} max {added['max']:.1f} ms; commands p50 {command['p50']:.1f} p99 "
          f"{command['p99']:.1f} max {command['max']:.1f} ms, {command['samples']} of {figures['commands_sent']} came; "
          f"{figures['packets_received'] / figures['seconds'] / 1000:.1f} packets/ms, {figures['lost']} lost, client "
          f"{figures['client_cpu_percent']:.0f} % of a core; API: {json.dumps(said)}", flush=True)


CHANNELS = 50
CHANNEL_KBPS = 300
CHANNELS_GROW = 70  # seconds: longer than what is kept of a stream could take to grow
AFTER_KILL = (5, 10, 25)  # seconds


def channels(url, count, name):
    """Channels with a publisher each, on which all of them send."""
    load = Program(BUILD / "bench/channels_probe", "--url", url, "--name", name, "--channels", count, "--kbps", CHANNEL_KBPS)
    load.wait_for("ready")
    return load


SCRAPES = 50
SCRAPED_BY = 60  # seconds
SCRAPED = {"channels": 100, "subscribers": 880}  # and a publisher each: about as many as may be connected


def scraping():
    """What reading /metrics costs a server with 100 channels: an answer's time and size, and the CPU of the thread that writes
    it, beyond what that takes meanwhile anyway."""
    with server() as (program, url, _):
        plain = url.removeprefix("ws://")
        with Program(BUILD / "bench/load_client", "--url", url, "--channel", "load", "--pid", program.process.pid, "--kbps", 100,
                     "--seconds", 60, "--settle", 60, *(word for name, count in SCRAPED.items() for word in (f"--{name}", count))):

            def scrape():
                began = time.monotonic()
                with urllib.request.urlopen(f"http://{plain}/metrics", timeout=10) as answer:
                    text = answer.read().decode()
                return time.monotonic() - began, text

            def members(text):
                return sum(int(count) for count in re.findall(r"^rtcpub_members\{.*\} (\d+)$", text, re.MULTILINE))

            # A busy machine takes fewer: how many there were is printed.
            until = time.monotonic() + SCRAPED_BY
            while members(scrape()[1]) < sum(SCRAPED.values()) and time.monotonic() < until:
                time.sleep(1)
            time.sleep(5)
            before, begun = program.cpu_seconds_of("rtcpub-signal"), time.monotonic()
            time.sleep(5)
            idle = (program.cpu_seconds_of("rtcpub-signal") - before) / (time.monotonic() - begun)
            before, begun = program.cpu_seconds_of("rtcpub-signal"), time.monotonic()
            answers = [scrape() for _ in range(SCRAPES)]
            busy = program.cpu_seconds_of("rtcpub-signal") - before - idle * (time.monotonic() - begun)
    times = [1000 * seconds for seconds, _ in answers]
    print(f"scraping {SCRAPED['channels']} channels, {members(answers[-1][1])} members: "
          f"{record('scraping', '100 channels, an answer', 'ms', times):.1f} ms (most {max(times):.1f}), "
          f"{record('scraping', '100 channels, CPU', 'ms', [1000 * busy / SCRAPES]):.1f} ms of CPU, "
          f"{len(answers[-1][1]) / 1024:.0f} KiB")


def memory():
    """The server's memory for channels with a publisher, and what is left when all of these were killed; one run. One channel
    more is there from the beginning, so that what the program needs once isn't counted."""
    with server() as (program, url, _), channels(url, 1, "first"):
        time.sleep(AFTER_KILL[0])
        before = program.resident_kb()

        def tell(when):
            grown = record("memory", f"a channel, {when}", "kB", [(program.resident_kb() - before) / CHANNELS])
            print(f"memory   {CHANNELS} channels at {CHANNEL_KBPS} kbit/s, {when:22} {grown:6.0f} kB a channel")

        with channels(url, CHANNELS, "bench") as load:
            time.sleep(CHANNELS_GROW)
            tell(f"after {CHANNELS_GROW} s")
            load.process.kill()
            killed = time.monotonic()
        for after in AFTER_KILL:
            time.sleep(max(0, killed + after - time.monotonic()))
            tell(f"{after} s after their kill")


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


# --- media: encoders, cameras, video that comes encoded

ENCODER_CASES = {
    "H264 1280x720 by x264, --lan": ("1280x720", "h264", ["--lan", "--encoder", "x264enc"]),
    "H264 1280x720 by OpenH264, --lan": ("1280x720", "h264", ["--lan", "--encoder", "openh264"]),
}
CLIP_FRAMES = 300


def summary(name, unit, results, form):
    """The median and the runs, as text; remembered."""
    record("media", name, unit, results)
    return f"{form.format(statistics.median(results))} (runs {', '.join(form.format(r) for r in results)})"


def encoder_probe(*arguments):
    return subprocess.run([str(BUILD / "bench/encoder_probe"), *map(str, arguments)], capture_output=True,
                          check=True).stdout


def sizes():
    """The spread of frame sizes, key frames aside, at an even difficulty."""
    rows = [tuple(map(int, line.split())) for line in encoder_probe("sizes", "x264enc", "1280x720", 2000,
                                                                    3000).decode().splitlines()]
    deltas = [size for size, key, _ in rows[SETTLING_FRAMES:] if not key]
    keys = [size for size, key, _ in rows[SETTLING_FRAMES:] if key]
    times = [time / 1000 for _, _, time in rows[SETTLING_FRAMES:]]
    mean = statistics.mean(deltas)
    record("media", "x264, encoding, p50", "ms", [percentile(times, 0.5)])
    record("media", "x264, a frame's size, p99 of the mean", "", [percentile(deltas, 0.99) / mean])
    record("media", "x264, a key frame's size of the mean", "", [statistics.mean(keys) / mean])
    print(f"media    x264 at 2 Mbit/s: a frame has {mean:.0f} bytes, p99 {percentile(deltas, 0.99) / mean:.2f} of that, "
          f"a key frame {statistics.mean(keys) / mean:.2f}; encoding p50 {percentile(times, 0.5):.1f} ms")


def encoder_memory():
    """100,000 frames through switch and encoder at full speed."""
    resident = [int(line) for line in encoder_probe("memory", "x264enc", "640x480", 2000, 100_000).split()]
    settled = resident[5:]
    record("media", "memory after 100,000 frames", "kB", [max(settled)])
    print(f"media    100,000 frames: {settled[0]} kB resident after 5,000, {min(settled)} to {max(settled)} kB since "
          f"({(max(settled) - settled[0]) / settled[0] * 100:+.1f} %)")


def without_the_encoder():
    """The publisher's CPU less the encoder's: x264 works on the thread of its pipeline, and on helpers named so."""
    results = []
    for _ in range(ROUNDS):
        with server() as (_, url, _), publisher(url, picture("1280x720"), "--encoder", "x264enc") as robot, \
                Program(RTCPUB, "subscribe", "--server", url, "--channel", "bench") as viewer:
            viewer.drain()
            time.sleep(3)
            begun, before = time.monotonic(), robot.cpu_seconds() - robot.cpu_seconds_of("rtcpub-encoder")
            time.sleep(10)
            spent = robot.cpu_seconds() - robot.cpu_seconds_of("rtcpub-encoder") - before
            results.append(spent / (time.monotonic() - begun))
    print(f"media    publisher without its encoder, 1280x720 at 30 fps: "
          f"{summary('publisher without its encoder', 'core', results, '{:.3f}')} core")


def pass_through():
    """1080p30 H264 at 8 Mbit/s from a file, sent as it is."""
    cores, medians, tails = [], [], []
    with tempfile.TemporaryDirectory() as directory:
        clip = pathlib.Path(directory) / "clip.h264"
        clip.write_bytes(encoder_probe("stream", "x264enc", "1920x1080", 8000, CLIP_FRAMES))
        for _ in range(ROUNDS):
            with server() as (_, url, _), publisher(url, f"file:{clip}", "--lan") as robot, \
                    Program(RTCPUB, "subscribe", "--server", url, "--channel", "bench") as viewer:
                viewer.drain()
                time.sleep(3)
                before, begun = robot.cpu_seconds(), time.monotonic()
                time.sleep(10)
                cores.append((robot.cpu_seconds() - before) / (time.monotonic() - begun))
            with server() as (_, url, _):
                delays = numbers(BUILD / "bench/pass_probe", url, "bench", clip, CLIP_FRAMES, 20)[SETTLING_FRAMES:]
            medians.append(percentile(delays, 0.5))
            tails.append(percentile(delays, 0.99))
    print(f"media    pass-through of 1080p30 at 8 Mbit/s: publisher {summary('pass-through', 'core', cores, '{:.3f}')} core")
    print(f"media    pass-through, added delay: p50 {summary('pass-through, p50', 'ms', medians, '{:.1f}')} ms, "
          f"p99 {summary('pass-through, p99', 'ms', tails, '{:.1f}')} ms")


def switching():
    """The command to the first decoded picture of the other camera, both warm, 30 fps."""
    medians, tails, longest, gaps = [], [], [], []
    for _ in range(ROUNDS):
        with server() as (_, url, _):
            output = subprocess.run([str(BUILD / "bench/switch_probe"), url, "bench", "30"], capture_output=True,
                                    text=True, check=True).stdout
        rows = [tuple(int(number) / 1000 for number in line.split()) for line in output.splitlines()]
        medians.append(percentile([taken for taken, _ in rows], 0.5))
        tails.append(percentile([taken for taken, _ in rows], 0.95))
        longest.append(max(taken for taken, _ in rows))
        gaps.append(max(gap for _, gap in rows))
    print(f"media    switch of cameras: p50 {summary('switch, p50', 'ms', medians, '{:.0f}')} ms, "
          f"p95 {summary('switch, p95', 'ms', tails, '{:.0f}')} ms, "
          f"longest {summary('switch, longest', 'ms', longest, '{:.0f}')} ms, "
          f"longest gap between frames {summary('switch, longest gap', 'ms', gaps, '{:.0f}')} ms")


def media():
    latency(ENCODER_CASES)
    pass_through()
    switching()
    without_the_encoder()
    sizes()
    encoder_memory()


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


def netlab():
    """Networks, in the emulated lab."""
    from netlab import netlab as measure  # pylint: disable=import-outside-toplevel

    measure()


FIGURES = {"latency": latency, "start": start, "cpu": cpu, "server": server_load, "overload": overload, "memory": memory,
           "scraping": scraping, "data": data, "media": media, "parsers": parsers, "netlab": netlab}


def main():
    as_json = "--json" in sys.argv
    wanted = [word for word in sys.argv[1:] if word != "--json"] or [name for name in FIGURES if name != "netlab"]
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
