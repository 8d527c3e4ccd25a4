"""A robot with a gate and motors, a driver in the terminal and a server, each on a host of a lab: what happens to the motors
when something of it dies. The motors are `rtcpub car print:FILE`, which says when it has written what."""

import contextlib
import json
import pathlib
import time

from session import Session

# Small and cheap: what counts here is that there is a picture.
VIDEO = "test:?size=320x180&fps=30"
DEADLINE = 60.0
POLL = 0.002


def now():
    """In seconds, of the clock by which all programs of one machine say times."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


class Lines:
    """The lines of JSON that a program appends to a file."""

    def __init__(self, path):
        self._path = path
        self._read = 0
        self._seen = []

    def all(self):
        """All that have come until now, without one that is written by half."""
        with contextlib.suppress(FileNotFoundError), self._path.open("rb") as file:
            file.seek(self._read)
            text = file.read()
            whole = text.rfind(b"\n") + 1
            self._read += whole
            self._seen += [json.loads(line) for line in text[:whole].splitlines()]
        return self._seen

    def wait_for(self, wanted, start=0, deadline=DEADLINE):
        """The first line from there on for which `wanted(line)` holds."""
        until = now() + deadline
        while now() < until:
            for line in self.all()[start:]:
                if wanted(line):
                    return line
            time.sleep(POLL)
        raise AssertionError(f"nothing came in {self._path.name}; its last lines: {self.all()[-5:]}")


class ControlRig:
    """All of it, running; what died is started again by drive()."""

    def __init__(self, lab, data_dir, settings=()):
        self._data = pathlib.Path(data_dir)
        self._settings = settings
        self.lab = lab
        self.session = Session(lab, self._data)
        self.motors = Lines(self._data / "motors")
        self.log = Lines(self._data / "log")
        self.server = self.robot = self.driver = None
        self.struck = None

    def __enter__(self):
        self.session.__enter__()
        return self

    def __exit__(self, *exception):
        self.session.__exit__(*exception)

    def start(self):
        """Starts whatever doesn't run."""
        if self.server is None or not self.server.running():
            self.server = self.session.serve()
        if self.robot is None or not self.robot.running():
            self.robot = self.session.publish(
                "--video", VIDEO, "--codec", "vp8", "--bitrate", "200k", "--control", "--control-log", self._data / "log",
                "--car", f"print:{self._data / 'motors'}", *self._settings)  # fmt: skip
        if self.driver is None or not self.driver.running():
            self.driver = self.session.drive("--script", "-", "--print")

    def take(self, throttle=0.5, deadline=DEADLINE):
        """Drives at this speed: the motors turn when it returns. Another driver tries until they do."""
        until = now() + deadline
        while now() < until:
            self.start()
            before = len(self.motors.all())
            for line in ("take", "300 {}", f'600000 {{"throttle":{throttle}}}'):
                self.driver.write(line)
            with contextlib.suppress(AssertionError):
                return self.motors.wait_for(lambda line: line["car"]["throttle"] == throttle, before, 3.0)
            self.rest()
        raise AssertionError(f"the car does not start; {self.robot.describe()}")

    def strike(self):
        """Whatever is to happen happens now; in microseconds."""
        self.struck = now() * 1e6

    def rest(self):
        """The driver has gone."""
        self.driver.kill()

    def last_accepted(self, before):
        """When the gate took a command last, in microseconds; before that."""
        return max(line["at"] for line in self.log.all()
                   if line["event"] == "command" and line["verdict"] == "accepted" and line["at"] <= before)  # fmt: skip

    def neutral_after(self, begin, deadline=5.0):
        """The line by which the motors stood still, of those from number `begin` on."""
        return self.motors.wait_for(lambda line: line["car"]["neutral"], begin, deadline)["car"]

    def car_pids(self):
        """The two processes of the car that `publish` has started: the one that drives, and the one that watches it."""
        parents = {child: _parent(child) for child in _processes()}
        ours = {_name(pid): pid for pid in _descendants(parents, self.robot.pid)}
        guard = ours.pop("rtcpub-guard")
        (driving,) = ours.values()
        return {"driving": driving, "guard": guard}


def _processes():
    return [int(path.name) for path in pathlib.Path("/proc").iterdir() if path.name.isdigit()]


def _parent(pid):
    with contextlib.suppress(OSError):
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _name(pid):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def _descendants(parents, root):
    for pid, parent in parents.items():
        if parent == root:
            yield pid
            yield from _descendants(parents, pid)
