"""`rtcpub drive`: a script, keys in a terminal and a gamepad, against a robot's gate."""

import contextlib
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import time

import pytest
from access import FOR_OTHERS, make_token, write_secret
from program import DEADLINE, PROGRAM, Lines

EV_SYN, EV_ABS = 0, 3
ABS_RZ = 5


def state_of(line):
    return json.loads(line) if line.startswith('{"driver"') else None


def has(**wanted):
    """Finds a state in which all of that holds."""

    def find(line):
        state = state_of(line)
        return state if state and all(state[name] == value for name, value in wanted.items()) else None

    return find


def output_of(line):
    return json.loads(line.removeprefix(":control ")) if line.startswith(":control ") else None


def moves(throttle):
    """Finds an output of the gate with that throttle."""

    def find(line):
        output = output_of(line)
        return output if output and output.get("axes", {}).get("throttle") == throttle else None

    return find


def is_neutral_for(reason):
    """Finds an output of the gate by which nothing moves, for that reason; "": the driver wants it so."""

    def find(line):
        output = output_of(line)
        return output if output and output.get("neutral") and output["reason"] == reason else None

    return find


def is_neutral(line):
    output = output_of(line)
    return output if output and output.get("neutral") else None


@pytest.fixture(name="robot")
def fixture_robot(publish):
    """A robot with a picture and a gate that says what it lets pass. A busy machine stops it no sooner than a test."""
    return publish("--video", "test:", "--control", "--control-life", "1000", "--control-stop", "2000",
                   "--control-blind", "10000", "--print-data")  # fmt: skip


@pytest.fixture(name="drive")
def fixture_drive(start, server, channel):
    def drive(*options):
        return start("drive", "--server", server.ws, "--channel", channel, "--print", *options)

    return drive


def test_a_script_drives_by_the_picture_that_was_received(robot, drive):
    driver = drive("--script", "-")
    driver.write("take")
    driver.wait_for(has(mine=True))
    # The gate takes no command of who hasn't seen a picture: until the robot's first sender report it knows of none.
    driver.wait_for(has(gate="driven"))
    driver.write('3000 {"steering": -0.25, "throttle": 0.5}')
    assert robot.wait_for(moves(0.5))["axes"]["steering"] == -0.25
    state = driver.wait_for(lambda line: (has(gate="driven")(line) or {}).get("delay_ms") and state_of(line))
    assert 0 < state["delay_ms"] < 5000
    driver.process.stdin.close()
    start = len(robot.out.all())
    assert driver.wait_for_exit() == 0, driver.describe()
    robot.wait_for(is_neutral, start=max(0, start - 1))


def test_a_script_stops_and_says_so(robot, drive):
    driver = drive("--script", "-")
    driver.write("take")
    driver.wait_for(has(gate="driven"))
    driver.write('60000 {"throttle": 0.5}')
    robot.wait_for(moves(0.5))
    other = drive("--script", "-")
    start = len(robot.out.all())
    other.write("stop")
    assert other.wait_for(has(emergency=True, confirmed=True))["emergency_by"]
    robot.wait_for(is_neutral_for("emergency"), start=start)
    assert driver.wait_for_exit() == 1, "it hasn't done what it says"


def test_a_line_that_is_none_and_one_that_cannot_be_done_end_it(robot, drive, tmp_path):
    assert robot.running()
    script = tmp_path / "lap"
    for text, error in (
        ("# a lap\n500 {]\n", "line 2 of the script: '500 {]' is no step"),
        ('500 {"throttle": 0.5}\n', "line 1 of the script: it drives without having control"),
        ('take\n500 {"throttle": 2}\n', "line 2 of the script: "),
    ):
        script.write_text(text)
        driver = drive("--script", script)
        assert driver.wait_for_exit() == 1, driver.describe()
        assert error in "\n".join(driver.complaints())


def test_lines_that_follow_each_other_drive_without_a_gap(robot, drive, tmp_path):
    script = tmp_path / "lap"
    script.write_text('take\n200 {}\n500 {"throttle": 0.3}\n500 {"throttle": 0.3, "steering": 0.5}\n')
    driver = drive("--script", script)
    assert driver.wait_for_exit() == 0, driver.describe()
    said = [output for line in robot.out.all() if (output := output_of(line))]
    moved = [at for at, output in enumerate(said) if "axes" in output]
    assert said[moved[0]]["axes"] == {"throttle": 0.3}
    assert said[moved[-1]]["axes"] == {"steering": 0.5, "throttle": 0.3}
    assert len(moved) == moved[-1] - moved[0] + 1, "neutral came in between"


def test_a_script_ends_when_the_robot_stops_and_can_end_that(robot, drive, tmp_path):
    script = tmp_path / "lap"
    script.write_text('take\n60000 {"throttle": 0.3}\n')
    driver = drive("--script", script)
    robot.wait_for(moves(0.3))
    robot.write(":stop a cat")
    stopped = "the robot is stopped by an emergency stop: a cat"
    assert driver.wait_for_exit() == 1, driver.describe()
    assert f"line 2 of the script: {stopped}" in "\n".join(driver.complaints())

    script.write_text('take\n100 {"throttle": 0.4}\n')
    driver = drive("--script", script)
    assert driver.wait_for_exit() == 1, driver.describe()
    assert f"line 2 of the script: {stopped}" in "\n".join(driver.complaints())

    script.write_text('clear\ntake\n100 {"throttle": 0.4}\n')
    driver = drive("--script", script)
    assert driver.wait_for_exit() == 0, driver.describe()
    robot.wait_for(moves(0.4))


def test_a_stop_that_no_robot_confirms_is_told(drive, tmp_path):
    script = tmp_path / "stop"
    script.write_text("stop\n")
    driver = drive("--script", script)
    assert driver.wait_for_exit() == 1, driver.describe()
    assert "line 1 of the script: the server keeps the emergency stop, but no robot" in "\n".join(driver.complaints())


def test_who_may_not_end_an_emergency_is_told_so(start_server, start, channel, tmp_path):
    data = tmp_path / "data"
    server = start_server(*FOR_OTHERS, data_dir=data)
    file = write_secret(tmp_path / "token", make_token(data, channel, "drive"))
    driver = start("drive", "--server", server.ws, "--channel", channel, "--token-file", file, "--print", "--script", "-")
    driver.write("stop")
    driver.wait_for(has(emergency=True))
    other = start("drive", "--server", server.ws, "--channel", channel, "--token-file", file, "--script", "-")
    other.write("clear")
    assert other.wait_for_exit() == 1, other.describe()
    assert "line 1 of the script: the emergency stop wasn't ended: that takes the right admin" in "\n".join(other.complaints())


def test_a_gamepad_that_cannot_come_is_refused(drive):
    driver = drive("--gamepad", "foo")
    assert driver.wait_for_exit() == 2
    assert "there is no gamepad 'foo': write any" in "\n".join(driver.complaints())


def test_two_with_one_token_are_two_and_one_drives(start_server, start, channel, tmp_path):
    data = tmp_path / "data"
    server = start_server(*FOR_OTHERS, data_dir=data)
    file = write_secret(tmp_path / "token", make_token(data, channel, "publish,drive"))
    who = ("--server", server.ws, "--channel", channel, "--token-file", file)
    robot = start("publish", *who, "--video", "test:", "--control", "--control-life", "1000", "--control-stop", "2000",
                  "--control-blind", "10000", "--print-data")  # fmt: skip
    robot.wait_for_line("success")
    first, second = (start("drive", *who, "--print", "--script", "-") for _ in range(2))
    first.write("take")
    first.wait_for(has(gate="driven"))
    first.write('60000 {"throttle": 0.5}')
    robot.wait_for(moves(0.5))
    begin = len(robot.out.all())
    second.write("take")
    assert first.wait_for(has(mine=True, answer=True))["asking"]
    assert not second.wait_for(lambda line: state_of(line))["mine"]
    second.send_signal(signal.SIGTERM)
    assert second.wait_for_exit() == 0, second.describe()
    assert first.wait_for(has(mine=True, answer=False), start=len(first.out.all()) - 1)["gate"] == "driven"
    assert not any(is_neutral(line) for line in robot.out.all()[begin:])


def test_keys_want_a_terminal(drive):
    driver = drive()
    assert driver.wait_for_exit() == 1
    assert "keys are read from a terminal" in driver.complaints()[0]
    driver = drive("--script", "/nowhere")
    assert driver.wait_for_exit() == 1
    assert "/nowhere can't be read" in driver.complaints()[0]


class Terminal:
    """`rtcpub drive` in a terminal of its own."""

    def __init__(self, server, channel, *options):
        self.keys, self._inside = pty.openpty()
        self.before = termios.tcgetattr(self._inside)
        command = [PROGRAM, "drive", "--server", server.ws, "--channel", channel, "--print", *options]
        self.process = subprocess.Popen(command, stdin=self._inside, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.out = Lines()

    def read_until(self, find):
        """What `find` makes of the first line for which it is truthy."""
        for line in self.process.stdout:
            if found := find(line.decode().rstrip("\n")):
                return found
        raise AssertionError(self.process.communicate(timeout=DEADLINE))

    def press(self, key):
        os.write(self.keys, key)

    @property
    def settings(self):
        return termios.tcgetattr(self._inside)


@pytest.fixture(name="terminal")
def fixture_terminal(server, channel):
    with contextlib.ExitStack() as all_of_them:

        def terminal(*options):
            made = Terminal(server, channel, *options)
            all_of_them.callback(made.process.wait)
            all_of_them.callback(made.process.kill)
            return made

        yield terminal


def hold_until(terminal, key, robot, find):
    """Repeats a key as a terminal does until the robot's gate gives that; returns it."""
    start = len(robot.out.all())
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until:
        terminal.press(key)
        if found := robot.out.wait_for(find, start, 0.03):
            return found
    raise AssertionError(robot.describe())


def test_a_key_drives_while_it_repeats_and_no_longer(robot, terminal):
    driver = terminal("--max", "0.4")
    driver.read_until(has(gate="driven"))
    assert driver.settings != driver.before, "keys come at once, unseen"
    hold_until(driver, b"w", robot, moves(0.4))
    start = len(robot.out.all())
    robot.wait_for(is_neutral_for(""), start=start)
    hold_until(driver, b"\x1b[B", robot, moves(-0.4))
    start = len(robot.out.all())
    driver.press(b" ")
    robot.wait_for(is_neutral_for(""), start=start)
    driver.press(b"x")
    driver.read_until(has(emergency=True, confirmed=True))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_terminal_is_as_it_was_after_a_signal(robot, terminal, number):
    driver = terminal()
    driver.read_until(has(gate="driven"))
    assert robot.running() and driver.settings != driver.before
    driver.process.send_signal(number)
    assert driver.process.wait(DEADLINE) == 0
    assert driver.settings == driver.before


def test_a_gamepad_drives_and_is_neutral_when_it_is_gone(robot, drive, tmp_path):
    pad = tmp_path / "event0"
    os.mkfifo(pad)
    driver = drive("--gamepad", pad, "--max", "0.8")
    driver.wait_for(has(gate="driven"))
    pulled = struct.pack("llHHi", 0, 0, EV_ABS, ABS_RZ, 255) + struct.pack("llHHi", 0, 0, EV_SYN, 0, 0)
    with open(pad, "wb", buffering=0) as events:
        until = time.monotonic() + DEADLINE
        while not robot.out.wait_for(moves(0.8), 0, 0.2):
            assert time.monotonic() < until, robot.describe()
            with contextlib.suppress(BrokenPipeError):  # it looks for a gamepad each second
                events.write(pulled)
        start = len(robot.out.all())
    robot.wait_for(is_neutral_for(""), start=start)
    driver.send_signal(signal.SIGTERM)
    assert driver.wait_for_exit() == 0, driver.describe()
