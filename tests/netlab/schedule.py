"""What changes when in a lab, read from a file."""

import pathlib

from namespace import LabError
from rate_trace import read_trace

FOLDER = pathlib.Path(__file__).parent / "schedules"

_DIRECTIONS = ("up", "down", "both")


class Schedule:
    """Lines of README.md's form. Those of second 0 hold before the start, too."""

    def __init__(self, path):
        self.settings = []  # (seconds, the rest)
        self.events = []  # (seconds, what happens to a host's interface, as words)
        self.duration = None
        for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
            words = line.partition("#")[0].split()
            if words and not self._take(words):
                raise LabError(f"{path}, line {number}: '{line}' is not as README.md says")
        if self.duration is None:
            raise LabError(f"{path}: no line 'SECONDS end'")
        self.events.sort(key=lambda event: event[0])

    @classmethod
    def named(cls, name):
        path = FOLDER / name
        if not path.is_file():
            raise LabError(f"there is no schedule '{name}': {', '.join(names())}")
        return cls(path)

    def _take(self, words):
        try:
            seconds, rest = float(words[0]), words[1:]
        except ValueError:
            return False
        if rest == ["end"]:
            self.duration = seconds
        elif len(rest) == 3 and rest[1] in _DIRECTIONS and rest[2].startswith("trace="):
            self._take_trace(seconds, *rest)
        elif len(rest) >= 3 and rest[1] in _DIRECTIONS:
            self.settings.append((seconds, " ".join(rest)))
        elif _is_event(seconds, rest):
            self.events.append((seconds, rest))
        else:
            return False
        return True

    def _take_trace(self, seconds, link, direction, trace):
        for sample in read_trace(trace.partition("=")[2]):
            self.settings.append((round(seconds + sample.seconds, 3), f"{link} {direction} {sample.settings()}"))

    def prepare(self, lab):
        """Does what belongs to second 0 and hands the other settings to the lab, which follows them from its start() on;
        the other events are the caller's."""
        for seconds, words in self.events:
            if seconds == 0:
                act(lab, words)
        for seconds, rest in self.settings:
            lab.command(f"set {rest}" if seconds == 0 else f"at {seconds} set {rest}")

    def later_events(self):
        """Those after second 0."""
        return [event for event in self.events if event[0] > 0]


def _is_event(seconds, words):
    if words[1:2] == ["link"]:
        return len(words) == 3 and seconds == 0
    if words[1:2] == ["mtu"]:
        return len(words) == 3 and words[2].isdecimal()
    return len(words) == 2 and words[1] in ("move", "unplug", "plug", "prefer")


def act(lab, words):
    """Does what an event's words say."""
    name, verb, *argument = words
    if verb == "link":
        lab.hosts[name].add_link(*argument)
    elif name not in lab.links:
        raise LabError(f"there is no link '{name}'")
    elif verb == "prefer":
        next(host for host in lab.hosts.values() if name in host.links).prefer(name)
    elif verb == "mtu":
        lab.links[name].set_mtu(*argument)
    else:
        getattr(lab.links[name], verb)()


def names():
    """The schedules that there are."""
    return sorted(path.name for path in FOLDER.iterdir())
