"""What a server costs, by its members and channels: for run.py."""
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

from history import record
from programs import BUILD, ROUNDS, RTCPUB, Program, server


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
