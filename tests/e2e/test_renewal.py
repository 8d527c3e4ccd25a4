"""Certificates that are renewed on disk while the server runs, as certbot renews them; and SIGHUP."""

import asyncio
import os
import pathlib
import shutil
import signal
import socket
import ssl

from certificates import make_certificate
from program import eventually
from spider import connect

UNVERIFIED = ssl._create_unverified_context()


def presented(port):
    """The certificate that the server shows to those who come now. The handshake says that it has the key, too."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as plain, UNVERIFIED.wrap_socket(plain) as secured:
        return secured.getpeercert(binary_form=True)


def der(pem):
    return ssl.PEM_cert_to_DER_cert(pathlib.Path(pem).read_text())


class Certbot:
    """archive/ with a pair for each renewal, live/ with symbolic links to the newest."""

    def __init__(self, folder):
        self._archive, self._live = folder / "archive", folder / "live"
        self._live.mkdir(parents=True)
        self._number = 0
        self.certificate, self.key = self._live / "fullchain.pem", self._live / "privkey.pem"
        self.renew()

    def renew(self):
        self._number += 1
        pair = make_certificate(self._archive / str(self._number))
        for link, file in zip((self.certificate, self.key), pair):
            link.unlink(missing_ok=True)
            link.symlink_to(os.path.relpath(file, self._live))
        return der(pair[0])

    def options(self):
        return "--tls-cert", self.certificate, "--tls-key", self.key


def test_a_renewed_certificate_is_picked_up_and_nobody_is_disconnected(start_server, start, tmp_path):
    certbot = Certbot(tmp_path)
    server = start_server(*certbot.options(), "--log", "info")
    before = presented(server.port)
    secured = ("--server", server.wss, "--insecure", "--channel", "car")
    publisher = start("publish", *secured, "--video", "test:?size=64x64&fps=20", "--stats")
    publisher.wait_for_line("success")
    viewer = start("subscribe", *secured, "--stats")
    viewer.wait_for_frames(5)
    since = {client: len(client.stats()) for client in (publisher, viewer)}
    for _ in range(2):
        after = certbot.renew()
        assert after != before
        eventually(lambda: presented(server.port) == after)
        before = after
    server.wait_for_error("the certificate was renewed: SHA-256")
    viewer.wait_for_frames(20)
    for client, first in since.items():
        assert client.running()
        assert {line["state"] for line in client.stats()[first:]} == {"connected"}
    # And those who come from now on are let in.
    late = start("subscribe", *secured, "--stats")
    late.wait_for_frames(5)


def test_files_that_are_written_in_place_or_by_half_change_nothing_until_they_are_whole(start_server, tmp_path):
    certificate, key = make_certificate(tmp_path / "used")
    new_certificate, new_key = make_certificate(tmp_path / "new")
    server = start_server("--tls-cert", certificate, "--tls-key", key, "--log", "info")
    before = der(certificate)
    assert presented(server.port) == before

    whole = new_certificate.read_bytes()
    certificate.write_bytes(whole[: len(whole) // 2])
    server.wait_for_error(f"{certificate} was changed and can't be used, so that what was read before stays")
    assert presented(server.port) == before
    certificate.write_bytes(whole)  # whose key isn't there yet
    server.wait_for_error("does not belong to the certificate")
    assert presented(server.port) == before
    shutil.copy(new_key, key)
    eventually(lambda: presented(server.port) == der(new_certificate))


def test_files_that_are_gone_change_nothing(start_server, tmp_path):
    certificate, key = make_certificate(tmp_path / "used")
    before = der(certificate)
    server = start_server("--tls-cert", certificate, "--tls-key", key, "--log", "info")
    certificate.rename(tmp_path / "away")
    key.unlink()
    server.send_signal(signal.SIGHUP)
    server.wait_for_error("the certificate stays what it was")
    assert presented(server.port) == before
    new_certificate, _ = make_certificate(tmp_path / "used")
    eventually(lambda: presented(server.port) == der(new_certificate))


def test_a_hangup_reads_at_once_and_disconnects_nobody(start_server, tmp_path):
    certbot = Certbot(tmp_path)
    server = start_server(*certbot.options())

    async def stays():
        async with connect(server, "sub", "car") as viewer:
            after = certbot.renew()
            server.send_signal(signal.SIGHUP)
            await asyncio.to_thread(server.wait_for_error, "read the certificate again: SHA-256")
            assert await asyncio.to_thread(presented, server.port) == after
            await asyncio.wait_for(await viewer.ping(), 30)

    asyncio.run(stays())
