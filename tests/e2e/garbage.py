"""Datagrams that are none, nearly: for a port that must take anything."""

import random
import struct

MAGIC_COOKIE = 0x2112A442


def stun(rng, attributes=b"", kind=0x0001, length=None):
    """A binding request, with any length in its header (RFC 8489 section 5)."""
    size = len(attributes) if length is None else length
    return struct.pack("!HHI", kind, size, MAGIC_COOKIE) + rng.randbytes(12) + attributes


def attribute(kind, value, length=None):
    padding = b"\0" * (-len(value) % 4)
    return struct.pack("!HH", kind, len(value) if length is None else length) + value + padding


def stun_datagrams(rng):
    username, integrity, fingerprint = 0x0006, 0x0008, 0x8028
    yield stun(rng)
    yield stun(rng, length=0xFFFC)
    yield stun(rng, length=3)
    yield stun(rng, attribute(username, b"no:body") + attribute(integrity, rng.randbytes(20)))
    yield stun(rng, attribute(username, b"", length=0xFFFF))
    yield stun(rng, attribute(integrity, b"short") + attribute(fingerprint, b"\0" * 4))
    yield stun(rng, attribute(rng.randrange(0x10000), rng.randbytes(rng.randrange(100))), rng.randrange(0x4000))
    yield stun(rng, b"".join(attribute(0x8000 + i, b"") for i in range(300)))


def dtls_datagrams(rng):
    """Records of every type with lengths that do and don't fit (RFC 6347 section 4.1)."""
    body = rng.randbytes(rng.randrange(200))
    for kind in (20, 21, 22, 23, 25, 63):
        epoch_and_number = rng.randbytes(8)
        yield struct.pack("!BH", kind, 0xFEFD) + epoch_and_number + struct.pack("!H", len(body)) + body
        yield struct.pack("!BH", kind, 0xFEFF) + bytes(8) + struct.pack("!H", 0xFFFF) + body
    # A ClientHello that says it is longer than it is.
    hello = struct.pack("!B3sH3s3s", 1, b"\0\xff\xff", 0, bytes(3), b"\0\xff\xff") + body
    yield struct.pack("!BH", 22, 0xFEFF) + bytes(8) + struct.pack("!H", len(hello)) + hello


def rtp_datagrams(rng):
    """RFC 3550: padding, extensions and CSRC counts beyond the packet's end."""
    for first in (0x80, 0x8F, 0x90, 0xA0, 0xBF):
        header = struct.pack("!BBHII", first, rng.randrange(96, 128), rng.randrange(65536), 0, rng.randrange(2**32))
        yield header
        yield header + struct.pack("!HH", 0xBEDE, 0xFFFF) + rng.randbytes(20)
        yield header + rng.randbytes(rng.randrange(1200))
    for kind in (200, 201, 203, 205, 206, 207):
        yield struct.pack("!BBH", 0x9F, kind, 0xFFFF) + rng.randbytes(rng.randrange(100))
        yield struct.pack("!BBH", 0x80, kind, 1) + rng.randbytes(4)


def sctp_datagrams(rng):
    """RFC 9260: chunks that end after the packet, or never."""
    header = struct.pack("!HHII", 5000, 5000, rng.randrange(2**32), 0)
    for kind in (0, 1, 3, 4, 6, 10, 64, 130, 192, 255):
        yield header + struct.pack("!BBH", kind, 0xFF, 0xFFFF) + rng.randbytes(30)
        yield header + struct.pack("!BBH", kind, 3, 0) + rng.randbytes(30)


def datagrams(seed, rounds):
    """All of them, whole and cut short, and pure noise."""
    rng = random.Random(seed)
    for _ in range(rounds):
        for make in (stun_datagrams, dtls_datagrams, rtp_datagrams, sctp_datagrams):
            for datagram in make(rng):
                yield datagram
                yield datagram[: rng.randrange(len(datagram) + 1)]
        yield b""
        yield rng.randbytes(rng.randrange(1, 1500))
        yield rng.randbytes(60000)
