"""Hosts in network namespaces of their own, joined through an "internet" by links that netlab_link emulates.

    with Lab() as lab:
        robot, server = lab.host("robot"), lab.host("server")
        lab.set("robot", delay=30, rate=5000, queue=100)
        subprocess.run(robot.command("ping", "-c1", server.address))

Nothing is left behind, even if this process is killed: a namespace lives as long as a process that ends with its
standard input, and so does the emulator. Needs root, or with_network_rights.sh.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import socket
import subprocess
import threading

EMULATOR = os.environ.get("NETLAB_LINK", "build/release/tests/netlab/netlab_link")
SCHEDULES = pathlib.Path(__file__).parent / "schedules"

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)

# Rules of a router that hides the host behind its own address. Both let in only what answers; the first gives a socket
# of the host one port to all peers, the second another one to each.
_NAT = {
    "cone": "masquerade persistent",
    "symmetric": "masquerade random, fully-random",
}


# What keeps a namespace. Without IPv6: its routers' and neighbours' packets come when they like, and each that meets a
# lossy link would change which of the others is lost.
_HOLD = """
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 &&
ip link set lo up && echo ready && exec cat >/dev/null
"""


# Runs its arguments unless the process that is to be outlived has gone already, too early to be noticed by setpriv.
_IF_CHILD = '[ "$PPID" = "$0" ] && exec "$@"'


class LabError(Exception):
    """What the lab could not do."""


class _Namespace:
    """A network namespace without a name, which a process keeps."""

    def __init__(self):
        self._holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", _HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        if self._holder.stdout.readline() != b"ready\n":
            self.close()
            raise LabError("cannot make a network namespace: run it as root, or through with_network_rights.sh")
        self.path = f"/proc/{self._holder.pid}/ns/net"

    def command(self, *words):
        """The command that runs this one in the namespace, for this process to start; it is killed when the thread that
        starts it ends."""
        as_ours = ["setpriv", "--pdeathsig", "KILL", "sh", "-c", _IF_CHILD, str(os.getpid())]
        return [*as_ours, "nsenter", f"--net={self.path}", *(str(word) for word in words)]

    def run(self, command, text=None):
        """Runs a command that must succeed, its words parted by blanks."""
        ran = subprocess.run(self.command(*command.split()), input=text, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise LabError(f"{command}: {ran.stderr.strip() or ran.stdout.strip()}")
        return ran.stdout

    @contextlib.contextmanager
    def entered(self):
        """This thread is in the namespace meanwhile."""
        with open("/proc/thread-self/ns/net", "rb") as own, open(self.path, "rb") as other:
            _enter(other)
            try:
                yield
            finally:
                _enter(own)

    def close(self):
        self._holder.stdin.close()
        self._holder.wait()
        self._holder.stdout.close()


def _enter(namespace):
    if _libc.setns(namespace.fileno(), _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "cannot enter a network namespace")


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


class Host:
    """A host with one way to the internet, the link of its name. Made by Lab.host()."""

    def __init__(self, lab, name, number, nat):
        self.name = name
        self._lab = lab
        self._number = number
        self._moves = 0
        self._inside = lab.namespace()
        self._router = lab.namespace() if nat else self._inside  # has the link
        lab.connect(name, self._router)
        self._internet("ip link set {name} mtu 1500 txqueuelen 5000 up")
        self._outside("ip link set {name} mtu 1500 txqueuelen 5000 up")
        self._take_address()
        if nat:
            self._join_router()
            self.set_nat(nat)

    @property
    def link_address(self):
        """The address by which the internet knows it: the router's, if it is behind one."""
        return f"10.{self._number}.{self._moves}.2"

    @property
    def address(self):
        """The address that it has itself."""
        return "192.168.7.2" if self._router is not self._inside else self.link_address

    def command(self, *words):
        """The command that runs this one on the host. It is killed when the thread that starts it ends."""
        return self._inside.command(*words)

    def run(self, command):
        """Runs a command on the host that must succeed; returns what it prints."""
        return self._inside.run(command)

    def socket(self, kind=socket.SOCK_DGRAM):
        """A socket of this process on the host."""
        with self._inside.entered():
            return socket.socket(socket.AF_INET, kind)

    def move(self):
        """Gives its link another address, as another network does: the old one is gone at once."""
        old = self.link_address
        self._outside(f"ip address delete {old}/24 dev {{name}}")
        self._internet(f"ip address delete 10.{self._number}.{self._moves}.1/24 dev {{name}}")
        self._moves += 1
        self._take_address()

    def set_nat(self, kind):
        """cone or symmetric, for flows that begin from now on."""
        if self._router is self._inside:
            raise LabError(f"{self.name} has no router")
        rules = f"""
            table ip nat {{}}
            flush table ip nat
            table ip nat {{
              chain out {{
                type nat hook postrouting priority srcnat;
                oifname "{self.name}" {_NAT[kind]}
              }}
              chain forward {{
                type filter hook forward priority filter;
                iifname "{self.name}" ct state new drop
              }}
            }}"""
        self._router.run("nft -f -", rules)

    def _take_address(self):
        self._internet(f"ip address add 10.{self._number}.{self._moves}.1/24 dev {{name}}")
        self._outside(f"ip address add {self.link_address}/24 dev {{name}}")
        self._outside(f"ip route replace default via 10.{self._number}.{self._moves}.1")

    def _join_router(self):
        self._router.run("ip link add lan type veth peer name eth0")
        self._router.run(f"ip link set eth0 netns {self._inside.path}")
        self._router.run("ip address add 192.168.7.1/24 dev lan")
        self._router.run("ip link set lan up")
        self._router.run("sysctl -qw net.ipv4.ip_forward=1")
        self._inside.run("ip address add 192.168.7.2/24 dev eth0")
        self._inside.run("ip link set eth0 up")
        self._inside.run("ip route add default via 192.168.7.1")

    def _internet(self, command):
        self._lab.internet.run(command.format(name=self.name))

    def _outside(self, command):
        self._router.run(command.format(name=self.name))


class Lab:
    """The hosts and what joins them. `seed` decides what is lost when."""

    def __init__(self, seed=1):
        self._closing = contextlib.ExitStack()
        self.hosts = {}
        with contextlib.ExitStack() as unfinished:
            unfinished.callback(self._closing.close)
            self.internet = self.namespace()
            self.internet.run("sysctl -qw net.ipv4.ip_forward=1")
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
        """A new host, its link without impairments; `nat`, cone or symmetric, puts it behind a router."""
        self.hosts[name] = Host(self, name, len(self.hosts) + 1, nat)
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
        made = _Namespace()
        self._closing.callback(made.close)
        return made

    def connect(self, name, namespace):
        """Joins a namespace with the internet by a link; both ends have its name."""
        self.command(f"link {name} {namespace.path} {name} {self.internet.path} {name}")


def _value(value):
    if isinstance(value, (tuple, list)):
        return ",".join(str(item) for item in value)
    return str(int(value)) if isinstance(value, bool) else str(value)


class Schedule:
    """What changes when, read from a file: lines `SECONDS LINK up|down|both KEY=VALUE…`, `SECONDS HOST move` and
    `SECONDS end`. Those of second 0 hold before the start, too."""

    def __init__(self, path):
        self.settings = []  # (seconds, the rest)
        self.moves = []  # (seconds, host)
        self.duration = None
        for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
            words = line.partition("#")[0].split()
            if words and not self._take(words):
                raise LabError(f"{path}, line {number}: '{line}' is not as README.md says")
        if self.duration is None:
            raise LabError(f"{path}: no line 'SECONDS end'")

    @classmethod
    def named(cls, name):
        path = SCHEDULES / name
        if not path.is_file():
            raise LabError(f"there is no schedule '{name}': {', '.join(names())}")
        return cls(path)

    def _take(self, words):
        try:
            seconds = float(words[0])
        except ValueError:
            return False
        if words[1:] == ["end"]:
            self.duration = seconds
        elif len(words) == 3 and words[2] == "move":
            self.moves.append((seconds, words[1]))
        elif len(words) > 3:
            self.settings.append((seconds, " ".join(words[1:])))
        else:
            return False
        return True

    def prepare(self, lab):
        """Hands the settings to the lab, which follows them from its start() on; the moves are the caller's."""
        for seconds, rest in self.settings:
            lab.command(f"set {rest}" if seconds == 0 else f"at {seconds} set {rest}")


def names():
    """The schedules that there are."""
    return sorted(path.name for path in SCHEDULES.iterdir())
