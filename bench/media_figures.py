"""Encoders, cameras, and video that comes encoded: for run.py."""
import pathlib
import statistics
import subprocess
import tempfile
import time

from history import record
from programs import BUILD, ROUNDS, RTCPUB, SETTLING_FRAMES, Program, numbers, percentile, picture, publisher, server

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


def drawing():
    """The simulated car's picture, once round the circuit."""
    medians, tails = [], []
    for _ in range(ROUNDS):
        times = numbers(BUILD / "bench/sim_probe", 960, 540, 3000)
        medians.append(percentile(times, 0.5))
        tails.append(percentile(times, 0.99))
    print(f"media    sim: at 960x540 is drawn in p50 {summary('sim: drawn, p50', 'ms', medians, '{:.2f}')} ms, "
          f"p99 {summary('sim: drawn, p99', 'ms', tails, '{:.2f}')} ms")


def media():
    pass_through()
    switching()
    without_the_encoder()
    sizes()
    encoder_memory()
    drawing()
