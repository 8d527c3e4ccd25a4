"""Measures a link by UDP packets with a number and the time at which they were sent."""

import select
import socket
import struct
import time
from dataclasses import dataclass

_HEADER = struct.Struct("!Id")
IP_AND_UDP = 28  # bytes of headers before the payload


@dataclass
class Arrival:
    """A packet that came: its number, when it was sent and when it came (seconds), and its size with all headers."""

    number: int
    sent: float
    came: float
    size: int

    @property
    def delay(self):
        return self.came - self.sent


class Probe:
    """Sends from one host to another, both sockets being this process's, so that one clock tells the time."""

    def __init__(self, sender, receiver):
        self._receiver = receiver.socket()
        self._receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._receiver.bind((receiver.address, 0))
        self._receiver.setblocking(False)
        self._sender = sender.socket()
        self._sender.connect(self._receiver.getsockname())
        self.sent = 0
        self.arrivals = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._sender.close()
        self._receiver.close()

    def send(self, count, interval, size=100):
        """That many packets of this size (bytes, with all headers), at this distance in seconds; receives meanwhile."""
        at = time.monotonic()
        for _ in range(count):
            self.listen(until=at)
            header = _HEADER.pack(self.sent, time.monotonic())
            self._sender.send(header.ljust(size - IP_AND_UDP, b"\0"))
            self.sent += 1
            at += interval

    def listen(self, until):
        """Receives up to this moment of the monotonic clock."""
        while True:
            left = until - time.monotonic()
            ready, _, _ = select.select([self._receiver], [], [], max(left, 0))
            if not ready:
                return
            payload = self._receiver.recv(65536)
            number, sent = _HEADER.unpack_from(payload)
            self.arrivals.append(Arrival(number, sent, time.monotonic(), len(payload) + IP_AND_UDP))

    def listen_for(self, seconds):
        self.listen(time.monotonic() + seconds)
