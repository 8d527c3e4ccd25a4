"""`rtcpub publish --car`: what passes the gate reaches the motors, and nothing else does, whatever dies between them."""

import contextlib
import json
import os
import signal
import time

import pytest
from car import is_gone, lines_of
from control_server import ControlServer
from program import eventually

TINY = "test:?size=320x240&fps=15"
FORWARD = {"throttle": 0.5}
PATIENT = ("--control", "--control-life", "1000", "--control-allow-blind")


class CarServer(ControlServer):
    """Keeps what is told on `metric`, too."""

    def __init__(self):
        super().__init__()
        self.metrics = []

    def _on_message(self, channel, text):
        if channel.label == "metric":
            self.metrics.append(json.loads(text))
        else:
            super()._on_message(channel, text)


def children_of(process):
    """The processes that any of its threads has started and that still run."""
    found = []
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/children", encoding="ascii") as listed:
            found += [int(child) for child in listed.read().split()]
    return [child for child in found if not is_gone(child)]


class Robot:
    """`rtcpub publish --car print:FILE`."""

    def __init__(self, start, server, path, *options):
        self.server = server
        self._path = path
        self.program = start("publish", "--server", server.url, "--channel", "x", "--no-trickle", "--codec", "vp8",
                             "--video", TINY, "--data", "metric", "--data", "stream", "--car", f"print:{path}",
                             *PATIENT, *options)  # fmt: skip
        server.wait_for(self.program)

    def car(self):
        """The process id of `rtcpub car`."""
        return eventually(lambda: children_of(self.program.pid))[0]

    def positions(self):
        return [line["car"] for line in lines_of(self._path)]

    def wait_for_position(self, wanted, start=0):
        return eventually(lambda: next((car for car in self.positions()[start:] if wanted(car)), None))

    def take(self, lease=3):
        """Somebody drives, and has let go once, as soon as the motors are ready."""
        self.server.grant(lease)

        def taken():
            self.server.command({}, lease)
            return self.server.last()["state"] == "driven"

        eventually(taken)

    def drive(self, throttle=0.5):
        """Until the motors do it. Says neutral as often as it takes: a busy machine may stop the car for a moment."""

        def driven():
            start = len(self.positions())
            self.server.command({})
            with self.server.driving({"throttle": throttle}), contextlib.suppress(AssertionError):
                return eventually(lambda: any(car["throttle"] == throttle for car in self.positions()[start:]), 1)
            return False

        eventually(driven)


@pytest.fixture(name="server")
def fixture_server():
    with CarServer() as server:
        yield server


@pytest.fixture(name="robot")
def fixture_robot(start, server, tmp_path):
    return Robot(start, server, tmp_path / "motors.jsonl")


def test_drives_the_motors_by_what_passes_the_gate_and_stops_with_it(robot):
    robot.take()
    robot.drive()
    eventually(lambda: robot.positions()[-1]["neutral"])
    assert all(0 <= car["throttle"] <= 0.5 for car in robot.positions())


def test_ends_its_car_with_itself(robot):
    car = robot.car()
    assert robot.program.stop(signal.SIGTERM)[0] == 0
    eventually(lambda: is_gone(car))
    assert robot.positions()[-1]["neutral"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_the_motors_are_at_neutral_when_publish_is_killed_or_stopped(robot, server, how):
    robot.take()
    car = robot.car()
    robot.drive()
    with server.driving(FORWARD):
        robot.program.send_signal(how)
        eventually(lambda: robot.positions()[-1]["neutral"])
        time.sleep(0.5)
        assert robot.positions()[-1]["neutral"]
    if how == signal.SIGKILL:
        eventually(lambda: is_gone(car))


def test_is_not_ready_until_its_car_runs_again(robot, server):
    robot.take()
    robot.drive()
    first = robot.car()
    start = len(robot.positions())
    with server.driving(FORWARD):
        os.kill(first, signal.SIGKILL)
        robot.wait_for_position(lambda car: car["reason"] == "writer-killed", start)
        server.wait_for_report(lambda report: report["reason"] == "not-ready")
        server.wait_for_report(lambda report: report["state"] == "stopped" and report["reason"] != "not-ready")
        assert all(car["neutral"] for car in robot.positions()[start + 1 :]), "its driver has to let go first"
    assert robot.car() != first
    robot.program.wait_for_error("was killed by signal 9; it is started again")
    robot.drive()


def test_nobody_drives_while_the_motors_are_not_there(start, server, tmp_path):
    missing = tmp_path / "none" / "motors.jsonl"
    robot = Robot(start, server, missing)
    server.grant(3)
    eventually(lambda: server.command({}) and server.last()["verdicts"].get("not-ready"))
    assert server.last()["reason"] == "not-ready"
    missing.parent.mkdir()
    robot.take()
    robot.drive()


def test_confirms_the_top_speed_that_a_viewer_sets_and_keeps_it_for_the_next_car(robot, server):
    robot.take()
    confirmed = {"speed": {"key": "maxSpeed", "value": 400}}
    eventually(lambda: server.say("stream", confirmed) or confirmed in server.metrics)
    server.metrics.clear()
    server.say("stream", {"speed": {"key": "maxSpeed", "value": 100}})
    assert eventually(lambda: server.metrics)[0] == confirmed, "100 would leave none"
    os.kill(robot.car(), signal.SIGKILL)
    robot.wait_for_position(lambda car: car["reason"] == "writer-killed")
    server.metrics.clear()
    eventually(lambda: confirmed in server.metrics)


def test_the_car_reads_the_configuration_of_publish(start, server, tmp_path):
    config = tmp_path / "rtcpub.toml"
    config.write_text("[car]\nramp = 0.05\n")
    robot = Robot(start, server, tmp_path / "motors.jsonl", "--config", config)
    robot.take()
    with server.driving({"throttle": 1}):
        robot.wait_for_position(lambda car: not car["neutral"])
        time.sleep(0.2)
    assert max(car["throttle"] for car in robot.positions()) < 0.9


def test_refuses_motors_that_can_not_be(start):
    refused = start("publish", "--server", "ws://127.0.0.1:1", "--channel", "x", "--car", "i2c-1")
    assert refused.wait_for_exit() == 2
    refused.wait_for_error("does not begin with pca9685:")
