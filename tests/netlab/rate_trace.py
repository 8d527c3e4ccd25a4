"""What a link could carry, moment by moment, from a file.

Either lines `SECONDS KBIT/S [DELAY_MS [LOSS_%]]`, each of which holds until the next one's time, or a trace of Mahimahi's:
on each line the millisecond at which another packet of 1500 bytes can leave. `#` begins a comment.
"""

import pathlib
from dataclasses import dataclass

from namespace import LabError

FOLDER = pathlib.Path(__file__).parent / "traces"

_MAHIMAHI_PACKET = 1500 * 8  # bits
_MAHIMAHI_STEP = 0.1  # seconds over which its packets are counted


@dataclass(frozen=True)
class Sample:
    """The link from a time on; None: as it was."""

    seconds: float
    kbps: float
    delay_ms: float | None = None
    loss_percent: float | None = None

    def settings(self):
        """As the emulator takes them; a rate of 0 is a stall there."""
        words = ["hold=1"] if self.kbps == 0 else ["hold=0", f"rate={self.kbps:g}"]
        words += [f"delay={self.delay_ms:g}"] if self.delay_ms is not None else []
        words += [f"loss={self.loss_percent:g}"] if self.loss_percent is not None else []
        return " ".join(words)


def read_trace(path):
    """The samples of a file, by time; a name without a folder is of traces/."""
    path = pathlib.Path(path)
    path = FOLDER / path if path.parent == pathlib.Path() else path
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise LabError(f"{path}: {error.strerror}") from None
    rows = [(number, line.partition("#")[0].split()) for number, line in enumerate(lines, 1)]
    rows = [(number, words) for number, words in rows if words]
    if not rows:
        raise LabError(f"{path}: a trace without a line")
    if all(len(words) == 1 for _, words in rows):
        return _mahimahi([_numbers(path, *row)[0] for row in rows])
    return _samples(path, rows)


def _numbers(path, number, words):
    try:
        values = [float(word) for word in words]
    except ValueError:
        values = [-1]
    if not all(0 <= value < 1e6 for value in values):
        raise LabError(f"{path}, line {number}: '{' '.join(words)}' is not as rate_trace.py says")
    return values


def _samples(path, rows):
    samples = []
    for row in rows:
        values = _numbers(path, *row)
        if not 2 <= len(values) <= 4 or (samples and values[0] <= samples[-1].seconds):
            raise LabError(f"{path}, line {row[0]}: expected a later time and SECONDS KBIT/S [DELAY_MS [LOSS_%]]")
        samples.append(Sample(*values))
    return samples


def _mahimahi(milliseconds):
    """Its packets, counted in steps; those whose rate is the one before's are left out."""
    samples = []
    counts = [0] * (int(max(milliseconds) / 1000 / _MAHIMAHI_STEP) + 1)
    for moment in milliseconds:
        counts[int(moment / 1000 / _MAHIMAHI_STEP)] += 1
    for step, count in enumerate(counts):
        kbps = count * _MAHIMAHI_PACKET / _MAHIMAHI_STEP / 1000
        if not samples or samples[-1].kbps != kbps:
            samples.append(Sample(round(step * _MAHIMAHI_STEP, 3), kbps))
    return samples
