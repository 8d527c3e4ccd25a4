"""Server, publisher and subscriber in a lab: the way of a robot's picture through a network."""

import json
import pathlib
import sys
from urllib.parse import quote

from names import NAME

sys.path.append(str(pathlib.Path(__file__).parents[1] / "e2e"))
from program import PROGRAM, Program  # noqa: E402


class Session:
    """Robot, server and viewer of a lab, with the programs on them; the programs are gone when it is left."""

    CHANNEL = "lab"

    def __init__(self, lab, data_dir, nat=None):
        self.lab = lab
        self.trust = ("--insecure",)  # how clients come to trust the server
        self.ipv6 = False  # whether clients call the server's IPv6 address
        self.names = None  # the NameServer that publishers ask for the server's address
        self._data_dir = data_dir
        self._programs = []
        self.server_host = lab.host("server")
        self.robot = lab.host("robot", nat=nat)
        self.viewer = lab.host("viewer")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in reversed(self._programs):
            program.kill()

    def serve(self, *options):
        """A server that listens already, on all addresses, and asks nobody for a token."""
        server = self._start(self.server_host, "serve", "--listen", "[::]:8267" if self.ipv6 else "0.0.0.0:8267",
                             "--media-port", 8268, "--data-dir", self._data_dir, "--open", *options)  # fmt: skip
        server.wait_for(lambda line: "listening on TCP port" in line)
        return server

    def publish(self, *options):
        if self.names is None:
            return self._start(self.robot, "publish", *self._where(), "--stats", *options)
        return self._run(self.robot, *self.names.asked_by(PROGRAM, "publish", *self._where(NAME), "--stats", *options))

    def doctor(self, *options):
        return self._start(self.robot, "doctor", *self._where(), *options)

    def subscribe(self, *options):
        return self.subscribe_from(self.viewer, *options)

    def subscribe_from(self, host, *options):
        return self._start(host, "subscribe", *self._where(), "--stats", *options)

    def drive(self, *options):
        return self._start(self.viewer, "drive", *self._where(), *options)

    def offered_ice(self, host=None):
        """What the server offers to a host, the robot if none is named: its ICE servers."""
        url = f"https://{self.server_host.address}:8267/api/ice"
        return json.loads((host or self.robot).run(f"curl --silent --insecure {url}"))

    def own_relay(self, transport):
        """The server's TURN server by udp or tcp, as --ice takes it."""
        relay = next(server for server in self.offered_ice()["iceServers"] if "credential" in server)
        url = next(url for url in relay["urls"] if url.endswith(f"transport={transport}"))
        credentials = f"{quote(relay['username'], safe='')}:{quote(relay['credential'], safe='')}"
        return url.replace("turn:", f"turn:{credentials}@")

    def _where(self, host=None):
        if host is None:
            host = f"[{self.server_host.address6}]" if self.ipv6 else self.server_host.address
        return "--server", f"wss://{host}:8267", *self.trust, "--channel", self.CHANNEL

    def _start(self, host, *arguments):
        return self._run(host, PROGRAM, *arguments)

    def _run(self, host, *command):
        # Of this thread, on whose end the programs are killed.
        self._programs.append(Program(*host.command(*command)))
        return self._programs[-1]
