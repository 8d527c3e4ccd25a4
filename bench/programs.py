"""The programs that are measured, and what they print."""
import contextlib
import os
import pathlib
import re
import subprocess
import tempfile
import threading

BUILD = pathlib.Path(os.environ.get("RTCPUB_BENCH_BUILD") or pathlib.Path(__file__).resolve().parent.parent / "build/release")
RTCPUB = BUILD / "rtcpub"
ROUNDS = int(os.environ.get("RTCPUB_ROUNDS", "3"))
SETTLING_FRAMES = 90  # the first three seconds, while the estimate rises
TICKS = os.sysconf("SC_CLK_TCK")


class Program:
    """A child process whose standard output is read line by line."""

    def __init__(self, *command, binary=False):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=not binary)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.communicate(timeout=5)
        self.process.kill()

    def wait_for(self, pattern):
        for line in self.process.stdout:
            found = re.search(pattern, line)
            if found:
                return found
        raise RuntimeError(f"{self.process.args} ended before it printed {pattern}")

    def drain(self):
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        return self

    def resident_kb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])

    def cpu_seconds(self):
        return cpu_seconds(pathlib.Path(f"/proc/{self.process.pid}/stat"))

    def cpu_seconds_of(self, thread):
        """Of the threads whose name begins so."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(cpu_seconds(task / "stat") for task in tasks if (task / "comm").read_text().startswith(thread))


def cpu_seconds(stat):
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextlib.contextmanager
def server():
    """A server on free ports; yields the program, its plain address for this machine, and how to reach it with TLS."""
    with tempfile.TemporaryDirectory() as data, \
            Program(RTCPUB, "serve", "--listen", "127.0.0.1:0", "--media-port", "0", "--data-dir", data) as program:
        url = program.wait_for(r"console http://(\S+)/")[1]
        yield program.drain(), f"ws://{url}", ["--server", f"wss://{url}", "--ca", f"{data}/cert.pem"]


@contextlib.contextmanager
def publisher(url, video, *options):
    with Program(RTCPUB, "publish", "--server", url, "--channel", "bench", "--video", video, *options) as program:
        program.wait_for("success")
        yield program.drain()


def percentile(values, fraction):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * fraction))]


def picture(size):
    return f"test:?size={size}&fps=30&stamp"


def numbers(*command):
    """What a probe prints, in milliseconds."""
    output = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout
    return [int(line) / 1000 for line in output.split()]
