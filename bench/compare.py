#!/usr/bin/env python3
"""compare.py REV [FIGURE…]: measures this build and that of another commit in turn, and prints medians and their ratios.

REV is checked out and built beside, in build/compare/; both are measured by this bench, in at least three rounds, each of
which begins with the other one. Called by ./dev bench --compare."""
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
ROUNDS = max(3, int(os.environ.get("RTCPUB_ROUNDS", "3")))
# What a commit's build is asked for; those that it hasn't are left out.
PROGRAMS = ("rtcpub_program", "load_client", "channels_probe", "data_probe", "frame_probe", "lab_probe", "pass_probe",
            "switch_probe", "encoder_probe", "parse_probe")


def say(text):
    print(f"== {text}", file=sys.stderr, flush=True)


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, **options)


def check_out(revision):
    """The work tree of a commit, in build/compare/."""
    resolved = run("git", "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", cwd=ROOT, capture_output=True,
                   text=True).stdout.strip()
    tree = ROOT / "build/compare" / resolved[:12]
    if not (tree / ".git").exists():
        say(f"checking out {revision} into {tree.relative_to(ROOT)}")
        run("git", "worktree", "prune", cwd=ROOT)
        run("git", "worktree", "add", "--detach", "--force", tree, resolved, cwd=ROOT, stdout=subprocess.DEVNULL)
    return tree


def build(tree):
    """The commit's programs; returns their directory."""
    say(f"building {tree.relative_to(ROOT)}")
    run("cmake", "--preset", "release", cwd=tree, stdout=subprocess.DEVNULL)
    directory = tree / "build/release"
    listed = run("ninja", "-C", directory, "-t", "targets", "all", capture_output=True, text=True).stdout
    known = {line.split(":")[0] for line in listed.splitlines()}
    run("cmake", "--build", directory, "--target", *(name for name in PROGRAMS if name in known))
    return directory


def measure(directory, figures):
    """[Figure as a dictionary] of one run of the bench with the programs of a build."""
    done = run(sys.executable, "-B", ROOT / "bench/run.py", "--json", *figures, stdout=subprocess.PIPE, text=True,
               env={**os.environ, "RTCPUB_BENCH_BUILD": str(directory), "RTCPUB_ROUNDS": "1"})
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def interleave(builds, figures):
    """{(figure, name, unit): {build: [values]}}"""
    values = collections.defaultdict(lambda: {name: [] for name in builds})
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}")
        order = list(builds) if number % 2 == 0 else list(reversed(builds))
        for name in order:
            for found in measure(builds[name], figures):
                values[found["figure"], found["name"], found["unit"]][name] += found["runs"]
    return values


def describe(values, before, after):
    """A line for a figure: both medians, their ratio, and each run's value."""
    medians = [statistics.median(values[name]) if values[name] else None for name in (before, after)]
    shown = ["-" if median is None else f"{median:.4g}" for median in medians]
    ratio = f"{medians[1] / medians[0]:.3f}" if all(medians) else "-"
    runs = "; ".join(" ".join(f"{value:.4g}" for value in values[name]) for name in (before, after))
    return f"{shown[0]:>9} {shown[1]:>9} {ratio:>7}   {runs}"


def report(found, before, after):
    print(f"{'':56} {before:>9} {after:>9} {'ratio':>7}   runs")
    for (figure, name, unit), values in found.items():
        title = f"{figure}: {name}" + (f", {unit}" if unit else "")
        print(f"{title:56} {describe(values, before, after)}")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    revision, figures = sys.argv[1], sys.argv[2:] or ["latency", "start", "cpu", "server", "data"]
    try:
        there = build(check_out(revision))
    except subprocess.CalledProcessError as failed:
        sys.exit(f"{revision} can't be built: {' '.join(failed.cmd)}\n{failed.stderr or ''}")
    report(interleave({"before": there, "now": ROOT / "build/release"}, figures), "before", "now")


if __name__ == "__main__":
    main()
