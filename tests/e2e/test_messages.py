"""Messages through outages: reliable ones arrive, old commands don't, and what is dropped is counted."""

import os
import pathlib
import pty
import re
import signal
import threading
import time

import pytest
from program import PROGRAM, Program, Server, eventually, run

READY = "ready"
KEPT = "stream?ordered=false&life=300"


def connected(stats):
    return stats["state"] == "connected"


def received(program, label="metric"):
    """The numbers that --print-data printed, in their order."""
    lines = program.out.all()
    return [line.split("\t", 1)[1] for line in lines if line.startswith(f"{label}\t") and READY not in line]


def without_repetitions(messages):
    return list(dict.fromkeys(messages))


class Numbered:
    """Writes numbered messages to a program, 50 a second, until it is told to stop."""

    def __init__(self, program, label="metric"):
        self.count = 0
        self._program = program
        self._label = label
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def _write(self):
        while not self._stop.wait(0.02):
            self._program.write(f"{self._label}\t{self.count}")
            self.count += 1

    def stop(self):
        """All that was written."""
        self._stop.set()
        self._thread.join()
        return [str(number) for number in range(self.count)]


class Pair:
    """A robot and a driver whose messages reach each other."""

    def __init__(self, server, started, channel, data):
        common = ("--server", server.ws, "--channel", channel, "--data", data, "--print-data", "--stats")
        self.robot = Program(PROGRAM, "publish", *common)
        self.driver = Program(PROGRAM, "subscribe", "--video", "none", *common)
        started += [self.robot, self.driver]
        for program in (self.robot, self.driver):
            program.wait_for_stats(connected)
        line = data.split("?")[0] + "\t" + READY
        for sender, receiver in ((self.driver, self.robot), (self.robot, self.driver)):
            eventually(lambda s=sender, r=receiver: s.write(line) or line in r.out.all())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "ended"])
def test_reliable_messages_arrive_after_the_server_was_restarted(started, tmp_path, channel, number):
    first = Server(tmp_path)
    started.append(first)
    pair = Pair(first, started, channel, "metric")
    telemetry, commands = Numbered(pair.robot), Numbered(pair.driver)
    eventually(lambda: len(received(pair.robot)) > 20 and len(received(pair.driver)) > 20)
    first.send_signal(number)
    first.wait_for_exit()
    before = (telemetry.count, commands.count)
    eventually(lambda: telemetry.count > before[0] + 40 and commands.count > before[1] + 40)
    started.append(Server(tmp_path, listen=f"127.0.0.1:{first.port}", media_port=first.media_port))
    for program in (pair.robot, pair.driver):
        program.wait_for_stats(connected)
    for program, sent in ((pair.robot, commands.stop()), (pair.driver, telemetry.stop())):
        eventually(lambda program=program, sent=sent: sent[-1] in received(program))
        # One whose acknowledgement was lost with the server comes twice.
        assert without_repetitions(received(program)) == sent
    for program in (pair.robot, pair.driver):
        counts = program.wait_for_stats(lambda stats: "waiting" not in stats["data"]["metric"])["data"]["metric"]
        assert "dropped" not in counts


def test_lines_at_full_speed_arrive(server, started, channel):
    pair = Pair(server, started, channel, "metric")
    lines = [str(number) for number in range(20_000)]
    pair.driver.process.stdin.write("".join(f"metric\t{line}\n" for line in lines).encode())
    pair.driver.process.stdin.flush()
    eventually(lambda: lines[-1] in received(pair.robot)[-1:])
    assert received(pair.robot) == lines
    counts = pair.driver.wait_for_stats(lambda stats: stats["data"]["metric"]["sent"] >= len(lines))["data"]["metric"]
    assert "dropped" not in counts


def test_lines_that_come_before_the_connection_arrive(server, start, channel):
    robot = start("publish", "--server", server.ws, "--channel", channel, "--data", "metric", "--print-data")
    robot.wait_for_line("success")
    driver = start("subscribe", "--server", server.ws, "--channel", channel, "--data", "metric", "--video", "none")
    lines = [str(number) for number in range(2000)]
    driver.process.stdin.write("".join(f"metric\t{line}\n" for line in lines).encode())
    driver.process.stdin.flush()
    eventually(lambda: lines[-1] in received(robot)[-1:])
    assert received(robot) == lines


@pytest.mark.parametrize("delivery", [KEPT, "stream?retransmits=0"])
def test_commands_that_waited_while_the_driver_stood_still_are_dropped(server, started, channel, delivery):
    pair = Pair(server, started, channel, delivery)
    commands = Numbered(pair.driver, "stream")
    eventually(lambda: len(received(pair.robot, "stream")) > 20)
    pair.driver.send_signal(signal.SIGSTOP)
    stopped = commands.count
    time.sleep(2)
    late = commands.count
    time.sleep(1)
    pair.driver.send_signal(signal.SIGCONT)
    again = commands.count
    eventually(lambda: int(received(pair.robot, "stream")[-1]) > again + 20)
    sent = commands.stop()
    came = received(pair.robot, "stream")
    # One may have been under way when it stopped; those of the last second are too old as well, but that is the clock's.
    assert [line for line in came if stopped + 2 < int(line) < late] == []
    counts = pair.driver.wait_for_stats(lambda stats: "waiting" not in stats["data"]["stream"])["data"]["stream"]
    assert counts["dropped"] >= late - stopped - 3
    assert counts["sent"] + counts["dropped"] >= len(sent)




@pytest.mark.parametrize("command", ["publish", "subscribe", "demo"])
@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("stream?life=soon", "life is a number of milliseconds from 0 to 65535"),
        ("stream?retransmits=-1", "retransmits is a number from 0 to 65535"),
        ("stream?ordered=maybe", "ordered is true or false"),
        ("stream?reliable=false", 'there is no option "reliable"'),
        ("stream?life=1&retransmits=1", "leave one out"),
    ],
)
def test_a_delivery_that_is_none_is_refused_with_the_reason(command, data, says):
    where = [] if command == "demo" else ["--server", "ws://127.0.0.1:1", "--channel", "car"]
    ended = run(command, *where, "--data", data)
    assert ended.returncode != 0
    assert "--data" in ended.stderr and 'data channel "stream"' in ended.stderr and says in ended.stderr


def test_a_publisher_in_the_background_is_not_stopped_by_what_is_typed(server, channel):
    """A shell stops whoever reads the terminal from its background."""
    script = f"set -m; {PROGRAM} publish --server {server.ws} --channel {channel} --data stream & echo id $!; sleep 30"
    shell, terminal = pty.fork()
    if shell == 0:
        os.execvp("bash", ["bash", "-c", script])
    said = ""
    while "success" not in said:
        said += os.read(terminal, 4096).decode()
    publisher = re.search(r"id (\d+)", said)[1]
    try:
        os.write(terminal, b"for the shell\n")
        time.sleep(1)  # that nothing happens can only be waited for
        status = pathlib.Path(f"/proc/{publisher}/stat").read_text(encoding="ascii")
        assert status.rsplit(")", 1)[1].split()[0] != "T", "it was stopped"
    finally:
        os.kill(int(publisher), signal.SIGKILL)
        os.kill(shell, signal.SIGKILL)
        os.waitpid(shell, 0)
        os.close(terminal)
