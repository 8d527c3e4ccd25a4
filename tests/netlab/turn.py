"""coturn on a host of the lab, and an authority whose certificates servers there have."""

import base64
import hashlib
import hmac
import pathlib
import subprocess
import sys
import time

sys.path.append(str(pathlib.Path(__file__).parents[1] / "e2e"))
from program import Program  # noqa: E402

USER, PASSWORD = "robot", "as secret as can be"
SECRET = "shared between the TURN server and whoever hands out credentials"

_NEW_KEY = ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


class Authority:
    """Issues certificates; its own is in the file `certificate`."""

    def __init__(self, directory):
        self._directory = directory
        self.certificate = directory / "authority.pem"
        self._key = directory / "authority.key"
        _run(*_NEW_KEY, "-x509", "-keyout", self._key, "-out", self.certificate, "-subj", "/CN=lab authority")

    def issue(self, address, names=None):
        """Two files: a certificate for the address, or for these names instead, and its key."""
        base = self._directory / address
        certificate, key, request, extensions = (f"{base}.{kind}" for kind in ("pem", "key", "csr", "ext"))
        # The engine looks for the address among the names.
        alternative = ",".join(f"DNS:{name}" for name in names) if names else f"DNS:{address},IP:{address}"
        pathlib.Path(extensions).write_text(f"subjectAltName={alternative}\nbasicConstraints=CA:FALSE\n")
        _run(*_NEW_KEY, "-keyout", key, "-out", request, "-subj", f"/CN={address}")
        _run("openssl", "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial",
             "-extfile", extensions, "-out", certificate)  # fmt: skip
        return certificate, key


class Coturn:
    """A TURN server that listens for UDP and TCP on 3478 and for TLS on 5349; with `rest`, its credentials are made of a
    shared secret and an expiry."""

    def __init__(self, host, directory, authority, rest=False, names=None):
        self.address = host.address
        self._rest = rest
        certificate, key = authority.issue(self.address, names)
        credentials = ["--use-auth-secret", f"--static-auth-secret={SECRET}"] if rest else [f"--user={USER}:{PASSWORD}"]
        self.program = Program(*host.command(
            "turnserver", "-n", "--lt-cred-mech", *credentials, "--realm=lab", f"--listening-ip={self.address}",
            f"--relay-ip={self.address}", f"--cert={certificate}", f"--pkey={key}", "--no-cli", "--log-file=stdout",
            "--simple-log", "--no-multicast-peers", f"--userdb={directory}/turn.db", f"--pidfile={directory}/turn.pid",
        ))  # fmt: skip
        self.program.wait_for(lambda line: "DB connection success" in line)

    def ice(self, scheme="turn", transport="udp", user=None, password=None):
        """Its URL as --ice takes it."""
        if user is None:
            user, password = self.credentials()
        port = 5349 if scheme == "turns" else 3478
        return f"{scheme}:{_encode(user)}:{_encode(password)}@{self.address}:{port}?transport={transport}"

    def credentials(self):
        if not self._rest:
            return USER, PASSWORD
        user = f"{int(time.time()) + 3600}:robot"
        digest = hmac.new(SECRET.encode(), user.encode(), hashlib.sha1).digest()
        return user, base64.b64encode(digest).decode()

    def close(self):
        self.program.kill()


def _run(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def _encode(text):
    """As a part of a URL."""
    return "".join(letter if letter.isalnum() else f"%{ord(letter):02X}" for letter in text)
