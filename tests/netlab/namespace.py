"""Network namespaces without a name, which vanish with whoever made them."""

import contextlib
import ctypes
import os
import subprocess

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)

# What keeps a namespace. Without IPv6: its routers' and neighbours' packets come when they like, and each that meets a
# lossy link would change which of the others is lost.
_HOLD = """
sysctl -qw {settings} &&
ip link set lo up && echo ready && exec cat >/dev/null
"""
_NO_IPV6 = "net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1"
# With it: only the addresses that the lab gives, at once.
_IPV6 = " ".join(
    f"net.ipv6.conf.default.{setting}" for setting in ("addr_gen_mode=1", "accept_dad=0", "accept_ra=0", "autoconf=0")
)

# What the kernel sends by itself, and nobody here needs.
_QUIET = """
table ip6 quiet {
  chain out {
    type filter hook output priority filter;
    icmpv6 type { mld-listener-report, mld2-listener-report, nd-router-solicit } drop
  }
}"""

# Runs its arguments unless the process that is to be outlived has gone already, too early to be noticed by setpriv.
_IF_CHILD = '[ "$PPID" = "$0" ] && exec "$@"'


class LabError(Exception):
    """What the lab could not do."""


class Namespace:
    """A network namespace, which a process keeps."""

    def __init__(self, ipv6):
        self._holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", _HOLD.format(settings=_IPV6 if ipv6 else _NO_IPV6)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        if self._holder.stdout.readline() != b"ready\n":
            self.close()
            raise LabError("cannot make a network namespace: run it as root, or through with_network_rights.sh")
        self.path = f"/proc/{self._holder.pid}/ns/net"
        if ipv6:
            self.run("nft -f -", _QUIET)

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
