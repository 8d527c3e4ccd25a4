"""A name server of the lab: knows one name, or answers as one does that is in trouble."""

import contextlib
import struct
import threading

NAME = "server.lab.test"

_IPV4 = 1  # the type of an A record
_NO_ERROR, _SERVFAIL, _NXDOMAIN = 0, 2, 3

# Gives its arguments a file system where the two files are the resolver's. Nobody else sees them.
_WITH_FILES = 'mount --bind "$0" /etc/resolv.conf && mount --bind "$1" /etc/nsswitch.conf && shift && exec "$@"'


class NameServer:
    """Runs in a thread of this process, on a host of the lab. `trouble` is what it answers until learn(): SERVFAIL,
    NXDOMAIN, or silence."""

    def __init__(self, host, directory, trouble):
        self._trouble = trouble
        self._address = None
        self._over = threading.Event()
        self._socket = host.socket()
        self._socket.bind((host.address, 53))
        self._socket.settimeout(0.1)
        self._resolver = directory / "resolv.conf"
        self._resolver.write_text(f"nameserver {host.address}\noptions timeout:1 attempts:1\n")
        self._order = directory / "nsswitch.conf"
        self._order.write_text("hosts: files dns\n")
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self._socket.close()

    def learn(self, address):
        """From now on the name has this IPv4 address."""
        self._address = address

    def asked_by(self, *words):
        """The command that runs this one with this name server."""
        return ["unshare", "--mount", "sh", "-c", _WITH_FILES, self._resolver, self._order, *words]

    def _serve(self):
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                query, client = self._socket.recvfrom(512)
                if answer := self._answer(query):
                    self._socket.sendto(answer, client)

    def _answer(self, query):
        """RFC 1035 section 4.1. None for silence."""
        number, flags = struct.unpack_from("!HH", query)
        question = query[12 : query.index(0, 12) + 5]
        wanted, _ = struct.unpack("!HH", question[-4:])
        if self._address is None and self._trouble == "silence":
            return None
        code = _NO_ERROR if self._address else {"SERVFAIL": _SERVFAIL, "NXDOMAIN": _NXDOMAIN}[self._trouble]
        record = b""
        if self._address and wanted == _IPV4 and question[:-4] == _encoded(NAME):
            octets = bytes(int(octet) for octet in self._address.split("."))
            record = struct.pack("!HHHIH", 0xC00C, _IPV4, 1, 0, len(octets)) + octets  # the question's name; TTL 0
        # An answer with recursion, to a recursive question or not.
        return struct.pack("!HHHHHH", number, 0x8080 | (flags & 0x0100) | code, 1, bool(record), 0, 0) + question + record


def _encoded(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
