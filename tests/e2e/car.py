"""`rtcpub car` with its two processes, and what feeds it."""

import json
import os
import threading
import time

from program import PROGRAM, Program, eventually


def now_us():
    return time.monotonic_ns() // 1000


def drive(steering, throttle, life=0.2, **more):
    """A line that drives for `life` seconds."""
    axes = {"steering": steering, "throttle": throttle}
    return json.dumps({"axes": axes, "until": now_us() + int(life * 1e6), **more})


NEUTRAL = json.dumps({"neutral": True, "reason": ""})


def parsed(line):
    """A line of JSON; an empty dictionary for any other."""
    return json.loads(line) if line.startswith("{") else {}


class Car(Program):
    """A running `rtcpub car`, ready unless told otherwise."""

    def __init__(self, motors, *options, ready=True):
        super().__init__(PROGRAM, "car", motors, *options)
        if ready:
            self.wait_for(lambda line: parsed(line).get("ready"))

    @property
    def guard(self):
        """The process id of the one that watches over it."""

        def children():
            with open(f"/proc/{self.pid}/task/{self.pid}/children", encoding="ascii") as listed:
                return [int(child) for child in listed.read().split()]

        def is_guard(child):
            with open(f"/proc/{child}/comm", encoding="ascii") as name:
                return name.read().strip() == "rtcpub-guard"

        return eventually(lambda: next((child for child in children() if is_guard(child)), None))

    def positions(self):
        """What was written to the motors until now."""
        return [car for line in self.out.all() if (car := parsed(line).get("car"))]

    def wait_for_position(self, wanted, start=0):
        """The first position from line `start` on for which `wanted(position)` is truthy."""

        def find(line):
            car = parsed(line).get("car")
            return car if car and wanted(car) else None

        return self.wait_for(find, start)

    def begin(self):
        """Has it neutral by its driver's word, which comes before anything moves."""
        self.write(NEUTRAL)
        self.wait_for_position(lambda car: car["neutral"] and not car["reason"])


class Feeder:
    """Drives 50 times a second, on a thread of its own, until it is told to end or nobody reads. When it was late, as on a
    busy machine, it says neutral first, as a driver would have to."""

    def __init__(self, car, throttle=0.5):
        self._car = car
        self._throttle = throttle
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        last_us = now_us()
        while not self._stop.wait(0.02):
            late = now_us() - last_us > 150_000
            last_us = now_us()
            try:
                self._car.write(NEUTRAL if late else drive(0.25, self._throttle))
            except (OSError, ValueError):
                return

    def end(self):
        self._stop.set()
        self._thread.join()


def is_gone(process):
    """Whether that process id is nobody's, or a zombie's."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as stat:
            return stat.read().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def lines_of(path):
    """The lines of JSON in a file that others add to."""
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.endswith("\n")]
