"""A TURN client (RFC 8656) that asks for what it shouldn't: as little as tests need, sharing nothing with the engine's."""

import hashlib
import hmac
import os
import socket
import struct

COOKIE = 0x2112A442
ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND = 0x003, 0x004, 0x008, 0x009
USERNAME, INTEGRITY, ERROR_CODE, CHANNEL_NUMBER, PEER, REALM, NONCE = 0x06, 0x08, 0x09, 0x0C, 0x12, 0x14, 0x15
REQUESTED_TRANSPORT = 0x19


def attribute(kind, value):
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)


def peer(address, port):
    """XOR-PEER-ADDRESS of an IPv4 address."""
    number = struct.unpack("!I", socket.inet_aton(address))[0] ^ COOKIE
    return attribute(PEER, struct.pack("!BBHI", 0, 1, port ^ (COOKIE >> 16), number))


def allocation():
    return attribute(REQUESTED_TRANSPORT, bytes([17, 0, 0, 0]))


def channel(number):
    return attribute(CHANNEL_NUMBER, struct.pack("!HH", number, 0))


class TurnClient:
    """Speaks by a connected UDP socket."""

    def __init__(self, own_socket, server, username, password):
        self._socket = own_socket
        self._socket.settimeout(0.5)
        self._socket.connect(server)
        self._username, self._password = username, password
        self._realm = self._nonce = None

    def ask(self, method, body=b""):
        """The error code of the answer, 0 for success; credentials are sent once they have been asked for."""
        code, attributes = self._exchange(method, body)
        if code in (401, 438) and self._realm is None:
            self._realm, self._nonce = attributes[REALM], attributes[NONCE]
            code, _ = self._exchange(method, body)
        return code

    def _exchange(self, method, body):
        transaction = os.urandom(12)
        answer = self._answer(self._message(method, transaction, body))
        assert answer[8:20] == transaction
        attributes = dict(read_attributes(answer))
        error = attributes.get(ERROR_CODE)
        return (error[2] * 100 + error[3] if error else 0), attributes

    def _answer(self, message):
        """Asks again as long as nothing comes: strangers are answered so many times a second only."""
        for _ in range(40):
            self._socket.send(message)
            try:
                return self._socket.recv(2000)
            except TimeoutError:
                pass
        raise TimeoutError("the TURN server does not answer")

    def _message(self, method, transaction, body):
        if self._realm is None:
            return struct.pack("!HHI", method, len(body), COOKIE) + transaction + body
        body += attribute(USERNAME, self._username.encode()) + attribute(REALM, self._realm) + attribute(NONCE, self._nonce)
        header = struct.pack("!HHI", method, len(body) + 24, COOKIE) + transaction
        key = hashlib.md5(f"{self._username}:{self._realm.decode()}:{self._password}".encode()).digest()
        return header + body + attribute(INTEGRITY, hmac.new(key, header + body, hashlib.sha1).digest())


def read_attributes(message):
    at = 20
    while at + 4 <= len(message):
        kind, length = struct.unpack_from("!HH", message, at)
        yield kind, message[at + 4 : at + 4 + length]
        at += 4 + length + -length % 4
