"""Driving a robot through its gate: what passes, what doesn't, and that it always stops."""

import json
import signal
import time

import pytest
from control_server import CONTROL, LEASE, ControlServer
from program import eventually
from stuck_thread import stuck

TINY = "test:?size=320x240&fps=15"
FORWARD = {"throttle": 0.5}
# Slow machines get more time than a robot would give: what is tested here is that things happen at all.
PATIENT = ("--control-life", "1000", "--control-stop", "2000", "--control-allow-blind")


def output(line):
    """What a line `:control {…}` says."""
    return json.loads(line.removeprefix(":control ")) if line.startswith(":control ") else None


class Robot:
    """`rtcpub publish --control` at a server that is in the test's hands."""

    def __init__(self, start, server, *options):
        self.server = server
        self.program = start("publish", "--server", server.url, "--channel", "x", "--no-trickle", "--codec", "vp8",
                             "--control", "--print-data", "--stats", *options)  # fmt: skip
        server.wait_for(self.program)

    def mark(self):
        return len(self.program.out.all())

    def wait_for(self, wanted, start=0):
        def find(line):
            said = output(line)
            return said if said and wanted(said) else None

        return self.program.wait_for(find, start)

    def wait_for_reason(self, reason, start=0):
        return self.wait_for(lambda said: said.get("reason") == reason, start)

    def take(self, lease=3):
        """Somebody drives, and has let go once."""
        self.server.grant(lease)
        self.wait_for_reason("new-driver")
        start = self.mark()

        def taken():
            self.server.command({}, lease)
            return any(said and said.get("reason") == "" for said in map(output, self.program.out.all()[start:]))

        eventually(taken)

    def verdicts(self):
        return self.program.wait_for_stats(lambda stats: "control" in stats)["control"]["refused"]


@pytest.fixture(name="server")
def fixture_server():
    with ControlServer() as server:
        yield server


@pytest.fixture(name="robot")
def fixture_robot(start, server):
    return Robot(start, server, "--video", TINY, *PATIENT)


def test_what_passes_is_printed_as_a_line_and_as_an_old_message_and_neutral_when_it_ends(robot, server):
    robot.take()
    start = robot.mark()
    with server.driving({"throttle": 0.5, "steering": -0.25}):
        said = robot.wait_for(lambda said: "axes" in said, start)
        assert said["axes"] == {"steering": -0.25, "throttle": 0.5}
        assert 0 < said["until"] - time.monotonic_ns() // 1000 < 5_000_000
        robot.program.wait_for_line('stream\t{"motion":{"key":"forward","value":5}}', start)
        robot.program.wait_for_line('stream\t{"motion":{"key":"left","value":3}}', start)
    stopped = time.monotonic()
    robot.wait_for_reason("silence", start)
    assert time.monotonic() - stopped < 5
    robot.program.wait_for_line('stream\t{"motion":{"key":"forward","value":0}}', start)
    server.wait_for_report(lambda report: report["state"] == "stopped" and report["reason"] == "silence")


def test_nothing_moves_after_a_stop_until_the_driver_has_let_go(robot, server):
    robot.take()
    with server.driving(FORWARD):
        robot.wait_for(lambda said: "axes" in said)
    robot.wait_for_reason("silence")
    start = robot.mark()
    with server.driving(FORWARD):
        server.wait_for_report(lambda report: report["verdicts"].get("not-neutral", 0) >= 5)
        assert not any("axes" in (output(line) or {}) for line in robot.program.out.all()[start:])
    server.command({})
    with server.driving(FORWARD):
        robot.wait_for(lambda said: "axes" in said, start)


def test_what_must_not_pass_is_refused_and_counted(robot, server):
    robot.take()
    year = 365 * 86400 * 1_000_000
    now = time.monotonic_ns() // 1000
    for given in (now - 56 * year, now - 3_000_000):
        server.command(FORWARD, given=given)
    server.command(FORWARD, given=now + 74 * year)
    server.command(FORWARD, lease=2)
    server.command(FORWARD, seq=1)
    for text in ("", "{", '{"command":{}}', '{"command":{"lease":3,"seq":NaN}}'):
        server.say(CONTROL, text or " ")
    for value in (1e308, -1e308, 1.01, "0.5", None):
        server.command({"throttle": value})
    server.say(CONTROL, '{"headlights":{"on":true}}')
    eventually(lambda: robot.verdicts().get("malformed") == 9)
    verdicts = robot.verdicts()
    assert verdicts["expired"] == 2
    assert verdicts["future"] == 1
    assert verdicts["other-lease"] == 1
    assert verdicts["out-of-order"] == 1
    assert not any("axes" in (output(line) or {}) for line in robot.program.out.all())


def test_an_emergency_stop_holds_until_it_is_cleared_and_neutral_comes_after_it(robot, server):
    robot.take()
    with server.driving(FORWARD):
        robot.wait_for(lambda said: "axes" in said)
        server.say(CONTROL, {"estop": {"number": 1, "by": "Bo", "why": "a dog"}})
        report = server.wait_for_report(lambda report: report["estop"] == 1)
        assert (report["state"], report["by"]) == ("emergency", "Bo: a dog")
        start = robot.mark()
        server.say(LEASE, {"estop": {"number": 1, "by": "Bo", "why": "a dog"}})
        server.wait_for_report(lambda report: report["verdicts"].get("emergency", 0) >= 5)
        server.say(LEASE, {"clear": {"number": 1}})
        server.wait_for_report(lambda report: report["estop"] == 1 and report["state"] == "stopped")
        before = server.last()["verdicts"].get("not-neutral", 0)
        server.wait_for_report(lambda report: report["verdicts"].get("not-neutral", 0) >= before + 5)
        assert not any("axes" in (output(line) or {}) for line in robot.program.out.all()[start:])
    server.command({})
    with server.driving(FORWARD):
        robot.wait_for(lambda said: "axes" in said, start)


def test_nobody_drives_blind_unless_the_robot_allows_it(start, server):
    robot = Robot(start, server, "--video", TINY, "--control-life", "1000")
    server.grant(3)
    robot.wait_for_reason("new-driver")
    with server.driving({}):
        server.wait_for_report(lambda report: report["verdicts"].get("blind", 0) >= 5)
    assert server.last()["settings"]["allow_blind"] is False
    assert "accepted" not in server.last()["verdicts"]


@pytest.mark.parametrize("thread", ["rtcpub-signal", "EncoderQueue"])
def test_it_stops_also_while_other_threads_are_stuck(robot, server, thread):
    robot.take()
    with server.driving(FORWARD):
        robot.wait_for(lambda said: "axes" in said)
        with stuck(robot.program.pid, thread):
            start = robot.mark()
            began = time.monotonic()
            while time.monotonic() < began + 2.5:
                robot.wait_for(lambda said: "axes" in said, robot.mark())
            server.say(CONTROL, {"estop": {"number": 1, "by": "Bo", "why": ""}})
            robot.wait_for_reason("emergency", start)
            server.say(CONTROL, {"clear": {"number": 1}})
            robot.wait_for_reason("new-driver", start)
            time.sleep(max(0, began + 5 - time.monotonic()))
    server.wait_for_report(lambda report: report["estop"] == 1)


def test_it_stops_when_the_engine_that_brings_commands_is_stuck(robot, server):
    robot.take()
    with server.driving(FORWARD):
        robot.wait_for(lambda said: "axes" in said)
        with stuck(robot.program.pid, "rtcpub-pc"):
            began = time.monotonic()
            robot.wait_for_reason("silence", robot.mark())
            assert time.monotonic() - began < 5


def test_all_that_happens_is_in_the_log(start, server, tmp_path):
    log = tmp_path / "control.jsonl"
    robot = Robot(start, server, "--video", TINY, *PATIENT, "--control-log", log)
    robot.take()
    with server.driving(FORWARD):
        robot.wait_for(lambda said: "axes" in said)
    robot.wait_for_reason("silence")
    assert robot.program.stop()[0] == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    commands = [line for line in lines if line["event"] == "command"]
    assert {"at", "verdict", "lease", "seq", "axes", "age_ms", "state"} <= set(commands[0])
    assert any(line["verdict"] == "accepted" and line["axes"] == FORWARD for line in commands)
    assert any(line["event"] == "state" and line.get("reason") == "silence" for line in lines)
    assert any(line["event"] == "realtime" and "real-time priority" in line["detail"] for line in lines)
    assert any(line["event"] == "driver" and line.get("driver", {}).get("name") == "Kim" for line in lines)
    assert lines[-1].get("reason") == "not-ready"
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)


def test_a_log_that_cannot_be_written_is_told_of_before_anything_starts(start):
    robot = start("publish", "--server", "ws://127.0.0.1:9", "--channel", "x", "--control", "--control-log", "/none/x")
    assert robot.wait_for_exit() == 1
    robot.wait_for_error("/none/x: No such file or directory")


@pytest.mark.parametrize("options,complaint", [
    (["--control-life", "19"], "--control-life"),
    (["--control-warn", "300"], "lower --control-warn to 200 or less, too"),
    (["--control-stop", "60"], "lower --control-warn to 60 or less, too"),
])  # fmt: skip
def test_options_out_of_their_bounds_are_refused(start, options, complaint):
    robot = start("publish", "--server", "ws://127.0.0.1:9", "--channel", "x", "--control", *options)
    assert robot.wait_for_exit() in (1, 2)
    robot.wait_for_error(complaint)


def test_a_life_above_the_stop_is_told(start):
    robot = start("publish", "--server", "ws://127.0.0.1:9", "--channel", "x", "--control", "--control-life", "300")
    robot.wait_for_error("--control-life is above --control-stop: a command that is late can make a stop late")


@pytest.mark.parametrize("other", ["", "a b", "motion"])
def test_nothing_but_the_label_of_old_programs_may_stand_behind_control(start, other):
    robot = start("publish", "--server", "ws://127.0.0.1:9", "--channel", "x", "--control", other)
    assert robot.wait_for_exit() == 2
    robot.wait_for_error(f"behind it may stand 'stream' alone, the data channel on which old programs drive, not '{other}'")


def test_lines_that_are_no_command_are_told_which_there_are(robot):
    for line in (":clear now", ":foo bar"):
        robot.program.write(line)
    robot.program.wait_for_error("write :stop WHY (the emergency stop), :clear, which ends it, :camera NAME")


def test_it_ends_at_neutral(robot, server):
    robot.take()
    with server.driving(FORWARD):
        robot.wait_for(lambda said: "axes" in said)
        robot.program.send_signal(signal.SIGTERM)
        assert robot.program.wait_for_exit() == 0
    said = [line for line in robot.program.out.all() if line.startswith(":control ")]
    assert output(said[-1])["neutral"] is True
    assert robot.program.out.all()[-2:] == [f'stream\t{{"motion":{{"key":"{key}","value":0}}}}' for key in ("forward", "left")]


def test_stats_tell_of_the_gate(robot, server):
    robot.take()
    told = robot.program.wait_for_stats(lambda stats: stats.get("control", {}).get("accepted", 0) > 0)["control"]
    assert told["driver"] == {"id": 5, "name": "Kim"}
    assert {"state", "factor", "refused", "stops", "realtime"} <= set(told)
