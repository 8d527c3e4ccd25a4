#!/usr/bin/env python3
"""run.py [SECONDS [NAME…]]: runs the fuzz targets, each for that long, and prints a table of what they saw.

As many run at a time as there are cores. What is new is kept in build/fuzz/found/NAME; a crash, a timeout and the like
leave their input there and end with 1. Needs the preset "fuzz" to be built."""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / "build/fuzz"
OFFERS = HERE.parent / "tests/fixtures/offers"
TAKES_OFFERS = {"answer", "description", "sdp", "sdp_tidy", "udp_candidates"}
LONGEST_MS = 100  # what takes longer is to be looked at
MOST_SEEDS = 64 << 10  # bytes a target: the repository is no place for what a fuzzer found
COLUMNS = "{:20} {:>9} {:>9} {:>7} {:>7} {:>5} {:>6} {:>8}  {}"


def targets():
    """Names and longest inputs."""
    lines = (HERE / "targets").read_text().splitlines()
    return {line.split()[0]: int(line.split()[1]) for line in lines if line and not line.startswith("#")}


def seeds(name):
    folder = HERE / "corpus" / name
    size = sum(file.stat().st_size for file in folder.glob("*"))
    if size > MOST_SEEDS:
        sys.exit(f"{folder} has {size} bytes, where {MOST_SEEDS} are the most: keep what shows something")
    return [*([folder] if folder.is_dir() else []), *([OFFERS] if name in TAKES_OFFERS else [])]


def number(pattern, output):
    """Of the last match; 0 if there is none."""
    found = re.findall(pattern, output)
    return int(found[-1]) if found else 0


def run(program, *arguments):
    return subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", errors="replace", check=False)


def longest(program, files):
    """Milliseconds that the slowest of the inputs takes alone, and which one that is."""
    slowest = (0, "")
    for begin in range(0, len(files), 500):
        # The first one pays for what is set up once.
        output = run(program, "-timeout=60", os.devnull, *files[begin : begin + 500]).stdout
        for file, took in re.findall(r"Executed (\S+) in (\d+) ms", output):
            if file != os.devnull:
                slowest = max(slowest, (int(took), file))
    return slowest


def fuzz(name, length, seconds):
    """Runs one target. Returns its row of the table, and what it said if it failed."""
    program = BUILD / "fuzz" / f"{name}_fuzz"
    found = BUILD / "found" / name
    found.mkdir(parents=True, exist_ok=True)
    ran = run(program, f"-max_total_time={seconds}", f"-max_len={length}", "-timeout=10", "-rss_limit_mb=2048",
              "-print_final_stats=1", "-print_funcs=0", f"-artifact_prefix={found}/", found, *seeds(name))
    folders = [found, *seeds(name)]
    inputs = [file for folder in folders for file in sorted(folder.iterdir())
              if not file.name.startswith(("crash-", "timeout-", "oom-", "leak-", "slow-unit-"))]
    took, slowest = longest(program, inputs)
    instrumented = number(r"\((\d+) inline 8-bit counters\)", ran.stdout)
    edges = number(r"\bcov: (\d+)", ran.stdout)
    remark = "FAILED" if ran.returncode else f"slow: {slowest}" if took > LONGEST_MS else ""
    row = COLUMNS.format(name, number(r"number_of_executed_units: +(\d+)", ran.stdout),
                         number(r"average_exec_per_sec: +(\d+)", ran.stdout), edges, instrumented,
                         f"{100 * edges // max(instrumented, 1)} %", number(r"new_units_added: +(\d+)", ran.stdout),
                         f"{took} ms", remark)
    return row.rstrip(), ran.stdout if ran.returncode else ""


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    known = targets()
    wanted = sys.argv[2:] or list(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        sys.exit(f"there is no target {', '.join(unknown)}: choose from {', '.join(known)}")
    built = [name for name in wanted if (BUILD / "fuzz" / f"{name}_fuzz").exists()]
    for name in wanted:
        if name not in built:
            print(f"{name} was left out of the build", file=sys.stderr)
    print(COLUMNS.format("target", "runs", "runs/s", "edges", "of", "", "new", "longest", ""), flush=True)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for row, complaint in pool.map(lambda name: fuzz(name, known[name], seconds), built):
            print(row, flush=True)
            if complaint:
                print(complaint[-5000:], flush=True)
                failed = True
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
