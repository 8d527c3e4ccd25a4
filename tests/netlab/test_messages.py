"""What comes of commands when the robot's link fails for a while: late ones are worse than none."""

import json
import threading
import time

import pytest
from session import Session

# How long a command may live, and what a busy machine adds, in seconds.
LIFE = 0.3
SLACK = 0.2


@pytest.fixture(name="session")
def fixture_session(lab, tmp_path):
    with Session(lab, tmp_path / "data") as session:
        yield session


class Driver:
    """Writes commands with the time in them, 50 a second, until it is left."""

    def __init__(self, program):
        self._program = program
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._drive)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _drive(self):
        while not self._ended.wait(0.02):
            self._program.write(f'stream\t{{"t":{time.monotonic():.4f}}}')


class Commands:
    """Commands that came out at a robot, with their ages."""

    def __init__(self, program):
        self._ages = []
        add = program.out.add

        def timed_add(line):
            if line.startswith("stream\t"):
                self._ages.append(time.monotonic() - json.loads(line.split("\t")[1])["t"])
            add(line)

        program.out.add = timed_add

    def __len__(self):
        return len(self._ages)

    def oldest(self, first):
        return max(self._ages[first:])

    def wait_for_more(self, count, deadline=60.0):
        wanted, until = len(self) + count, time.monotonic() + deadline
        while len(self) < wanted:
            assert time.monotonic() < until, "no commands come out at the robot"
            time.sleep(0.01)


@pytest.mark.parametrize(
    "delivery", [f"ordered=false&life={LIFE * 1000:.0f}", "ordered=false&retransmits=0"]
)
def test_no_command_is_older_than_its_channel_allows_after_an_outage(lab, session, delivery):
    session.serve()
    # A channel of another kind beside it: SCTP gives up commands only behind what it may give up.
    publisher = session.publish("--data", f"stream?{delivery}", "--data", "log", "--print-data")
    commands = Commands(publisher)
    subscriber = session.subscribe(
        "--data", f"stream?{delivery}", "--data", "log", "--video", "none"
    )
    subscriber.wait_for_stats(lambda stats: stats["state"] == "connected")
    with Driver(subscriber):
        commands.wait_for_more(50)
        first = len(commands)
        subscriber.write("log\treliable, and on its way when the link fails")
        lab.set("robot", down=True)
        time.sleep(2)
        lab.set("robot", down=False)
        commands.wait_for_more(100)
    assert commands.oldest(first) < LIFE + SLACK
