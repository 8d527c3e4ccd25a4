"""A STUN server that answers Binding requests (RFC 8489), in a thread of this process."""

import contextlib
import socket
import struct
import threading

_COOKIE = 0x2112A442


def _answer(request, seen):
    """The response to a Binding request that came from `seen`, an IPv4 address and port; None to anything else."""
    if len(request) < 20 or struct.unpack_from("!H2xI", request) != (0x0001, _COOKIE):
        return None
    address = struct.unpack("!I", socket.inet_aton(seen[0]))[0] ^ _COOKIE
    mapped = struct.pack("!HHBBHI", 0x0020, 8, 0, 1, seen[1] ^ (_COOKIE >> 16), address)
    return struct.pack("!HHI", 0x0101, len(mapped), _COOKIE) + request[8:20] + mapped


@contextlib.contextmanager
def stun_server(bound):
    """Answers on this bound UDP socket meanwhile, which it closes; yields the URL."""

    def serve():
        with contextlib.suppress(TimeoutError):
            while not over.is_set():
                with contextlib.suppress(TimeoutError):
                    request, seen = bound.recvfrom(2048)
                    if answer := _answer(request, seen):
                        bound.sendto(answer, seen)

    over = threading.Event()
    bound.settimeout(0.1)
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    host, port = bound.getsockname()
    try:
        yield f"stun:{host}:{port}"
    finally:
        over.set()
        thread.join()
        bound.close()
