#!/usr/bin/env python3
"""odd_camera.py [--new-source-each PICTURES] [--digest ALGORITHM]: a camera at rtsp://127.0.0.1:PORT/live that does what
GStreamer's server (rtsp_server.py) can't, over TCP only.

Says "port PORT" when it is there. It ends with its standard input. --new-source-each: RTP's SSRC, sequence numbers and
times change after so many pictures, as if the camera's encoder had begun anew. --digest: asks for digest authentication
with this algorithm, MD5 or SHA-256; the user's name is "robot", the password "secret".
"""

import argparse
import base64
import hashlib
import re
import secrets
import socketserver
import struct
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

FPS = 30
LARGEST = 1300  # bytes of a packet's payload
PICTURES = (
    "videotestsrc num-buffers=30 pattern=solid-color foreground-color=0xff00ff00 ! "
    f"video/x-raw,format=I420,width=640,height=480,framerate={FPS}/1 ! "
    "x264enc tune=zerolatency speed-preset=ultrafast bitrate=800 key-int-max=10 ! "
    "video/x-h264,stream-format=byte-stream,alignment=au,profile=constrained-baseline ! appsink name=out sync=false"
)
REALM, NONCE = "camera", "0123456789abcdef"
HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def encoded_pictures():
    """Each as a list of NAL units."""
    pipeline = Gst.parse_launch(PICTURES)
    pipeline.set_state(Gst.State.PLAYING)
    pictures = []
    while sample := pipeline.get_by_name("out").emit("pull-sample"):
        buffer = sample.get_buffer()
        pictures.append([unit for unit in re.split(b"\0\0\0?\1", buffer.extract_dup(0, buffer.get_size())) if unit])
    pipeline.set_state(Gst.State.NULL)
    return pictures


def payloads(unit):
    """A NAL unit as RTP payloads (RFC 6184 sections 5.6 and 5.8)."""
    if len(unit) <= LARGEST:
        return [unit]
    parts = [unit[i : i + LARGEST] for i in range(1, len(unit), LARGEST)]
    indicator, kind = unit[0] & 0xE0 | 28, unit[0] & 31
    flags = [0x80] + [0] * (len(parts) - 2) + [0x40]
    return [bytes([indicator, flag | kind]) + part for flag, part in zip(flags, parts)]


class Source:
    """An RTP source: its packets, framed for a TCP connection (RFC 2326 section 10.12)."""

    def __init__(self):
        self.ssrc, self.sequence = secrets.randbits(32), secrets.randbits(15)
        self.begin = secrets.randbits(31)

    def packets(self, picture, number):
        all_payloads = [payload for unit in picture for payload in payloads(unit)]
        for i, payload in enumerate(all_payloads):
            marker = 0x80 if i == len(all_payloads) - 1 else 0
            timestamp = self.begin + number * 90000 // FPS & 0xFFFFFFFF
            header = struct.pack(">BBHII", 0x80, marker | 96, self.sequence & 0xFFFF, timestamp, self.ssrc)
            self.sequence += 1
            yield b"$\0" + struct.pack(">H", len(header) + len(payload)) + header + payload


class Client(socketserver.StreamRequestHandler):
    """A client's connection."""

    def handle(self):
        try:
            while request := self.read_request():
                self.answer(*request)
        except ConnectionError:
            pass

    def read_request(self):
        """Method, URL and headers of the next request; what is no request is RTCP."""
        while (first := self.rfile.read(1)) == b"$":
            self.rfile.read(struct.unpack(">xH", self.rfile.read(3))[0])
        if not first:
            return None
        method, url, _ = (first + self.rfile.readline()).decode("latin1").split()
        headers = {}
        while line := self.rfile.readline().decode("latin1").strip():
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        return method, url, headers

    def answer(self, method, url, headers):
        status, extra, body = "200 OK", "", ""
        if method != "OPTIONS" and not self.allows(method, headers.get("authorization", "")):
            status = "401 Unauthorized"
            algorithm = self.server.options.digest
            extra = f'WWW-Authenticate: Digest realm="{REALM}", nonce="{NONCE}", algorithm="{algorithm}"\r\n'
        elif method == "OPTIONS":
            extra = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            body = self.server.sdp
            extra = f"Content-Type: application/sdp\r\nContent-Base: {url}/\r\nContent-Length: {len(body)}\r\n"
        elif method == "SETUP" and "interleaved" not in headers.get("transport", ""):
            status = "461 Unsupported Transport"
        elif method == "SETUP":
            extra = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n"
        else:
            extra = "Session: 1\r\n"
        self.request.sendall(f"RTSP/1.0 {status}\r\nCSeq: {headers.get('cseq')}\r\n{extra}\r\n{body}".encode())
        if method == "PLAY":
            threading.Thread(target=self.play, daemon=True).start()

    def allows(self, method, authorization):
        if self.server.options.digest is None:
            return True
        given = dict(re.findall(r'(\w+)="?([^",]*)"?', authorization))
        make = HASHES[self.server.options.digest]
        secret, asked = (
            make(text.encode()).hexdigest() for text in (f"robot:{REALM}:secret", f"{method}:{given.get('uri')}")
        )
        return given.get("response") == make(f"{secret}:{NONCE}:{asked}".encode()).hexdigest()

    def play(self):
        pictures, each = self.server.pictures, self.server.options.new_source_each
        source, began, number = Source(), time.monotonic(), 0
        try:
            while True:
                time.sleep(max(0, began + number / FPS - time.monotonic()))
                if each and number and number % each == 0:
                    source = Source()
                for packet in source.packets(pictures[number % len(pictures)], number):
                    self.request.sendall(packet)
                number += 1
        except OSError:
            return


class Camera(socketserver.ThreadingTCPServer):
    """The server."""

    daemon_threads = True

    def __init__(self, options):
        super().__init__(("127.0.0.1", 0), Client)
        self.options = options
        self.pictures = encoded_pictures()
        sets = {unit[0] & 31: base64.b64encode(unit).decode() for unit in self.pictures[0]}
        self.sdp = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\n"
            "a=rtpmap:96 H264/90000\r\n"
            f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets[7]},{sets[8]}\r\na=control:track1\r\n"
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--new-source-each", type=int)
    parser.add_argument("--digest", choices=HASHES)
    Gst.init(None)
    with Camera(parser.parse_args()) as camera:
        print(f"port {camera.server_address[1]}", flush=True)
        threading.Thread(target=camera.serve_forever, daemon=True).start()
        sys.stdin.read()


if __name__ == "__main__":
    main()
