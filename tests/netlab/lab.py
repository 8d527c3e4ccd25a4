"""Hosts in network namespaces of their own, joined through an "internet" by links that netlab_link emulates.

    with Lab() as lab:
        robot, server = lab.host("robot"), lab.host("server")
        lab.set("robot", delay=30, rate=5000, queue=100)
        subprocess.run(robot.command("ping", "-c1", server.address))

Nothing is left behind, even if this process is killed: a namespace lives as long as a process that ends with its
standard input, and so does the emulator. Needs root, or with_network_rights.sh.
"""

import contextlib
import itertools
import json
import os
import subprocess
import threading

from host import Host
from namespace import LabError, Namespace

EMULATOR = os.environ.get("NETLAB_LINK", "build/release/tests/netlab/netlab_link")


class _Emulator:
    """A running netlab_link."""

    def __init__(self, seed):
        self._asking = threading.Lock()
        try:
            self._process = subprocess.Popen(
                [EMULATOR, str(seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        except FileNotFoundError:
            raise LabError(f"{EMULATOR} is not built: run ./dev build, or name it in NETLAB_LINK") from None

    @property
    def pid(self):
        return self._process.pid

    def ask(self, line):
        """The answer to one line."""
        with self._asking:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline().strip()
        if not answer or answer.startswith("error"):
            raise LabError(f"{line}: {answer or 'the emulator has ended'}")
        return answer

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Lab:
    """The hosts and what joins them. `seed` decides what is lost when; with `ipv6`, every host has both families."""

    def __init__(self, seed=1, ipv6=False):
        self._closing = contextlib.ExitStack()
        self._numbers = itertools.count(1)
        self.ipv6 = ipv6
        self.hosts = {}
        self.links = {}  # of all hosts
        with contextlib.ExitStack() as unfinished:
            unfinished.callback(self._closing.close)
            self.internet = self.namespace()
            self.internet.run("sysctl -qw net.ipv4.ip_forward=1")
            if ipv6:
                self.internet.run("sysctl -qw net.ipv6.conf.all.forwarding=1")
            self._emulator = _Emulator(seed)
            self._closing.callback(self._emulator.close)
            unfinished.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """The emulator and the namespaces are gone then; programs on hosts are their starter's to end before."""
        self._closing.close()

    def host(self, name, nat=None):
        """A new host, its link without impairments; `nat`, cone, full-cone or symmetric, puts it behind a router."""
        self.hosts[name] = Host(self, name, nat)
        return self.hosts[name]

    def set(self, link, direction="both", at=None, **settings):
        """Changes a link now, or `at` that many seconds after start(). Settings: README.md, with _ for -."""
        words = [f"{key.replace('_', '-')}={_value(value)}" for key, value in settings.items()]
        self.command(" ".join(([f"at {at}"] if at is not None else []) + ["set", link, direction, *words]))

    def start(self):
        """Time 0 of the schedule is now."""
        self.command("start")

    def command(self, line):
        """A line as netlab_link takes it."""
        self._emulator.ask(line)

    def counters(self, link, direction):
        """What became of packets, as a dictionary; direction: up or down."""
        return json.loads(self._emulator.ask("stats"))[link][direction]

    @property
    def emulator_pid(self):
        return self._emulator.pid

    def namespace(self):
        made = Namespace(self.ipv6)
        self._closing.callback(made.close)
        return made

    def next_number(self):
        """For the addresses of a link."""
        return next(self._numbers)

    def connect(self, name, namespace):
        """Joins a namespace with the internet by a link; both ends have its name."""
        self.command(f"link {name} {namespace.path} {name} {self.internet.path} {name}")


def _value(value):
    if isinstance(value, (tuple, list)):
        return ",".join(str(item) for item in value)
    return str(int(value)) if isinstance(value, bool) else str(value)
