"""A server in the test's hands that knows of control: it says to a robot's gate whatever the test wants."""

import contextlib
import json
import threading
import time

from foreign_server import ForeignServer
from program import eventually

CONTROL, LEASE, CLOCK = "rtcpub.control", "rtcpub.lease", "rtcpub.clock"
REPEAT = 0.02


def now_us():
    return time.monotonic_ns() // 1000


class ControlServer(ForeignServer):
    """Answers one publisher after the other; says things on its data channels; keeps the gate's reports."""

    def __init__(self):
        super().__init__(fields={"Rtcpub-Features": "control"})
        self.reports = []
        self._channels = {}
        self._sequence = 0
        self._clock_answers = True

    def take_peer(self, peer):
        peer.on("datachannel", self._on_channel)

    def _on_channel(self, channel):
        self._channels[channel.label] = channel
        channel.on("message", lambda text: self._on_message(channel, text))

    def _on_message(self, channel, text):
        said = json.loads(text)
        if channel.label == CLOCK and "t1" not in said and self._clock_answers:
            channel.send(json.dumps({"t0": said["t0"], "t1": now_us(), "publisher_offset": None}))
        elif channel.label == CONTROL:
            self.reports.append(said["gate"])

    def say(self, label, what):
        text = what if isinstance(what, str) else json.dumps(what)
        self._loop.call_soon_threadsafe(self._channels[label].send, text)

    def wait_for(self, robot):
        """Until the program has said how its gate stands."""
        labels = {CONTROL, LEASE, CLOCK}
        eventually(lambda: (self.reports and labels <= set(self._channels)) or not robot.running())
        assert robot.running(), robot.describe()

    def last(self):
        return self.reports[-1]

    def wait_for_report(self, wanted):
        return eventually(lambda: next((one for one in self.reports[-50:] if wanted(one)), None))

    def grant(self, lease, name="Kim"):
        self._sequence = 0
        self.say(LEASE, {"drive": {"lease": lease, "driver": {"id": 5, "name": name}, "mine": False, "gated": True}})

    def command(self, axes, lease=3, **more):
        """Gives one command; returns its number."""
        self._sequence += 1
        command = {"lease": lease, "seq": self._sequence, "given": now_us(), "bound": 500, "life": 1000, "axes": axes}
        self.say(CONTROL, {"command": command | more})
        return self._sequence

    @contextlib.contextmanager
    def driving(self, axes, lease=3):
        """Gives the command 50 times a second meanwhile."""
        done = threading.Event()

        def repeat():
            while not done.wait(REPEAT):
                self.command(axes, lease)

        thread = threading.Thread(target=repeat)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
