"""A TURN server that refuses every allocation with one error, in a thread of this process."""

import contextlib
import hashlib
import hmac
import struct
import threading

from turn_client import COOKIE, ERROR_CODE, INTEGRITY, NONCE, REALM, attribute, read_attributes

USER, PASSWORD = "robot", "secret"
_ERROR_OF_ALLOCATE = 0x0113


def _error(code, reason):
    return attribute(ERROR_CODE, struct.pack("!HBB", 0, code // 100, code % 100) + reason.encode())


def _answer(request, code, reason, realm):
    """To who shows no credentials 401, to all others the code."""
    if len(request) < 20 or struct.unpack_from("!H", request)[0] != 0x0003:
        return None
    signed = any(kind == INTEGRITY for kind, _ in read_attributes(request))
    body = _error(code, reason) if signed else _error(401, "Unauthorized")
    body += attribute(REALM, realm.encode()) + attribute(NONCE, b"once")
    head = lambda size: struct.pack("!HHI", _ERROR_OF_ALLOCATE, size, COOKIE) + request[8:20]  # noqa: E731
    if not signed:
        return head(len(body)) + body
    key = hashlib.md5(f"{USER}:{realm}:{PASSWORD}".encode()).digest()
    whole = head(len(body) + 24) + body
    return whole + attribute(INTEGRITY, hmac.new(key, whole, hashlib.sha1).digest())


@contextlib.contextmanager
def refusing_turn_server(bound, code, reason, realm="lab"):
    """Answers on this bound UDP socket meanwhile, which it closes; yields the URL as --ice takes it."""

    def serve():
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                request, seen = bound.recvfrom(2048)
                if answer := _answer(request, code, reason, realm):
                    bound.sendto(answer, seen)

    over = threading.Event()
    bound.settimeout(0.1)
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    host, port = bound.getsockname()
    try:
        yield f"turn:{USER}:{PASSWORD}@{host}:{port}?transport=udp"
    finally:
        over.set()
        thread.join()
        bound.close()
