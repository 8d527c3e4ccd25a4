"""What `./dev bench` measured, as rows of bench/history.csv: one a number and run of the bench. docs/figures.md says how to
read them. (Of `overload` nothing is kept: its numbers are those of a machine that can't go on.)"""
import csv
import dataclasses
import datetime
import os
import pathlib
import platform
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]
HISTORY = ROOT / "bench/history.csv"
COLUMNS = ("date", "commit", "machine", "figure", "name", "unit", "median", "runs")


@dataclasses.dataclass(frozen=True)
class Figure:
    """One measured number: the median of some runs."""
    figure: str  # what run.py calls it: "latency"
    name: str    # which of its numbers: "H264 1280x720, 2 Mbit/s, p50"
    unit: str    # "ms", "µs", "kB", "core", …; nothing: a count
    runs: tuple

    @property
    def median(self):
        return statistics.median(self.runs)


measured = []  # by this process


def record(figure, name, unit, runs):
    """Remembers a number; returns its median."""
    measured.append(Figure(figure, name, unit, tuple(runs)))
    return measured[-1].median


def machine():
    """The class of machine, by which rows can be compared: RTCPUB_MACHINE, or architecture and cores."""
    return os.environ.get("RTCPUB_MACHINE") or f"{platform.machine()}, {os.cpu_count()} cores"


def commit():
    """The commit that is checked out, with a `+` if files differ from it."""
    def git(*arguments):
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ":!bench/history.csv")
    return git("rev-parse", "--short=9", "HEAD") + ("+" if changed else "")


def append(figures, path=HISTORY):
    """Adds the figures to the history, which is begun if it isn't there."""
    begun = path.exists()
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%MZ")
    with path.open("a", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        if not begun:
            rows.writerow(COLUMNS)
        for figure in figures:
            runs = " ".join(f"{run:.4g}" for run in figure.runs)
            rows.writerow((date, commit(), machine(), figure.figure, figure.name, figure.unit, f"{figure.median:.4g}", runs))
