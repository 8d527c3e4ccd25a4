#!/usr/bin/env python3
"""two_machines.py PROGRAM DATA_DIR OPTION…: `rtcpub serve` with these options in a network namespace, to be started in
one of its own, with another one beside it, as if it were another machine. Prints whose STUN requests the media port
answers, as JSON: those of loopback, of this machine's own address, and of the other machine."""

import json
import os
import re
import socket
import subprocess
import sys
import time

HERE, THERE = "192.0.2.1", "192.0.2.2"
BINDING = b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12)


def answered(address, port, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.5)
        for _ in range(tries):
            asking.sendto(BINDING, (address, port))
            try:
                return asking.recv(2048).startswith(b"\x01\x01")
            except OSError:
                pass
    return False


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def join(other):
    """A cable between this namespace and that of the process `other`."""
    while os.readlink(f"/proc/{other}/ns/net") == os.readlink("/proc/self/ns/net"):
        time.sleep(0.01)
    ip("link", "set", "lo", "up")
    ip("link", "add", "left", "type", "veth", "peer", "name", "right", "netns", str(other))
    ip("address", "add", f"{HERE}/24", "dev", "left")
    ip("link", "set", "left", "up")
    inside = ["nsenter", "--net", "-t", str(other), "ip"]
    subprocess.run([*inside, "address", "add", f"{THERE}/24", "dev", "right"], check=True)
    subprocess.run([*inside, "link", "set", "right", "up"], check=True)


def main():
    program, data, *options = sys.argv[1:]
    with subprocess.Popen(["unshare", "--net", "sleep", "300"]) as other:
        join(other.pid)
        command = [program, "serve", "--media-port", "0", "--data-dir", data, *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            port = int(re.search(r"UDP port (\d+)", server.stdout.readline())[1])
            there = f"import sys; sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r}); import two_machines; " \
                    f"print(two_machines.answered({HERE!r}, {port}, 4))"  # fmt: skip
            asked = subprocess.run(
                ["nsenter", "--net", "-t", str(other.pid), sys.executable, "-c", there],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            print(json.dumps({"loopback": answered("127.0.0.1", port, 20), "own": answered(HERE, port, 20),
                              "other": asked.stdout.strip() == "True"}))  # fmt: skip
            server.terminate()
        other.kill()


if __name__ == "__main__":
    main()
