"""The program under test, run as its users run it: what it prints is waited for, never slept for."""

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time

PROGRAM = os.environ.get("RTCPUB_PROGRAM", "build/release/rtcpub")

# How long anything may take before a test gives up on it, in seconds: far more than it should.
DEADLINE = 60.0


class Lines:
    """Lines of text that a thread adds and others wait for."""

    def __init__(self):
        self._lines = []
        self._ended = False
        self._changed = threading.Condition()

    def add(self, line):
        with self._changed:
            self._lines.append(line)
            self._changed.notify_all()

    def end(self):
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def all(self):
        with self._changed:
            return list(self._lines)

    def wait_for(self, find, start=0, deadline=DEADLINE):
        """The first truthy `find(line)` from line `start` on; None when they end or time runs out before."""
        until = time.monotonic() + deadline
        with self._changed:
            while True:
                for line in self._lines[start:]:
                    if found := find(line):
                        return found
                start = max(start, len(self._lines))
                left = until - time.monotonic()
                if self._ended or left <= 0:
                    return None
                self._changed.wait(left)


class Program:
    """A child process with its output as lines."""

    def __init__(self, *command):
        self.command = [str(word) for word in command]
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.out = Lines()
        self.err = Lines()
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.add(line.decode("utf-8", "replace").rstrip("\n"))
        lines.end()

    @property
    def pid(self):
        return self.process.pid

    def running(self):
        return self.process.poll() is None

    def describe(self):
        tail = "\n".join(self.out.all()[-8:] + ["--- stderr"] + self.err.all()[-8:])
        return f"{' '.join(self.command)}\n(exit code {self.process.poll()}) last said:\n{tail}"

    def wait_for(self, find, start=0, deadline=DEADLINE):
        """What `find` makes of the first line of standard output for which it is truthy."""
        found = self.out.wait_for(find, start, deadline)
        assert found, f"what the test waits for did not come from\n{self.describe()}"
        return found

    def wait_for_line(self, line, start=0, deadline=DEADLINE):
        return self.wait_for(lambda said: said == line, start, deadline)

    def wait_for_error(self, text, deadline=DEADLINE):
        found = self.err.wait_for(lambda line: text in line and line, 0, deadline)
        assert found, f"no {text!r} on standard error of\n{self.describe()}"
        return found

    def complaints(self):
        """What it said on standard error; the H264 encoder's own lines don't count."""
        return [line for line in self.err.all() if not line.startswith("[OpenH264]")]

    def stats(self):
        """What --stats printed until now."""
        return [parsed for line in self.out.all() if (parsed := parse_stats(line))]

    def wait_for_stats(self, wanted, deadline=DEADLINE):
        """The first line of --stats from now on for which `wanted(stats)` is truthy."""

        def find(line):
            stats = parse_stats(line)
            return stats if stats and wanted(stats) else None

        return self.wait_for(find, len(self.out.all()), deadline)

    def wait_for_frames(self, count, deadline=DEADLINE):
        """Waits until that many more frames than now have been decoded or sent."""
        before = frames(self.stats()[-1]) if self.stats() else 0
        return self.wait_for_stats(lambda stats: frames(stats) >= before + count, deadline)

    def write(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def send_signal(self, number):
        if self.running():
            self.process.send_signal(number)

    def wait_for_exit(self, deadline=DEADLINE):
        """The exit code."""
        try:
            code = self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"did not end: {self.describe()}") from None
        for reader in self._readers:
            reader.join(DEADLINE)
        return code

    def stop(self, number=signal.SIGINT):
        """Asks it to end; returns its exit code and how long that took, in seconds."""
        began = time.monotonic()
        self.send_signal(number)
        code = self.wait_for_exit()
        return code, time.monotonic() - began

    def kill(self):
        """Whatever its state: afterwards it is gone."""
        self.send_signal(signal.SIGKILL)
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        for reader, stream in zip(self._readers, (self.process.stdout, self.process.stderr)):
            reader.join(5)
            if not reader.is_alive():  # else what it has started has the other end, and lives on for a moment
                stream.close()


class Server(Program):
    """A running `rtcpub serve`."""

    def __init__(self, data_dir, *options, listen="127.0.0.1:0", media_port=0):
        super().__init__(PROGRAM, "serve", "--listen", listen, "--media-port", media_port,
                         "--data-dir", data_dir, *options)  # fmt: skip
        ports = self.wait_for(re.compile(r"listening on TCP port (\d+).* UDP port (\d+)").search)
        self.port, self.media_port = int(ports[1]), int(ports[2])
        self.certificate = self.wait_for(re.compile(r"^certificate (.+)$").match)[1]
        self.fingerprint = self.wait_for(re.compile(r"SHA-256 ([0-9A-F:]+)$").search)[1]
        self.key = self.wait_for(re.compile(r"fingerprint (sha256:[0-9a-f]{64})$").search)[1]
        self.ws = f"ws://127.0.0.1:{self.port}"
        self.wss = f"wss://127.0.0.1:{self.port}"
        self.http = f"http://127.0.0.1:{self.port}"

    def resident_bytes(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * 1024


def run(*arguments, deadline=DEADLINE):
    """The program with these arguments, until it ends by itself."""
    command = [PROGRAM, *(str(word) for word in arguments)]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=deadline, check=False
    )


def eventually(check, deadline=DEADLINE):
    """Asks until the answer is truthy, for what can only be asked; returns it."""
    until = time.monotonic() + deadline
    while not (answer := check()):
        assert time.monotonic() < until, "what the test asks for did not become true"
        time.sleep(0.05)
    return answer


def drive(viewer, robot, key, value):
    """Says it on `stream` until a robot without a gate prints it, a 0 before: in its first second none is driven."""
    wanted = f'stream\t{{"motion":{{"key":"{key}","value":{value}}}}}'

    def driven():
        viewer.write(f'stream\t{{"motion":{{"key":"{key}","value":0}}}}')
        viewer.write(wanted)
        return wanted in robot.out.all()

    eventually(driven)


def parse_stats(line):
    """A line of --stats as a dictionary; None for any other line."""
    return json.loads(line) if line.startswith("{") else None


def frames(stats):
    return stats["video"]["frames"] if "video" in stats else 0
