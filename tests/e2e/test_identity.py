"""By what a server is known: its certificate, its key, its names; and what it tells of them."""

import fcntl
import json
import os
import pathlib
import pty
import re
import signal
import socket
import ssl
import struct
import subprocess
import termios

import pytest
from certificates import key_fingerprint, make_certificate, names_in
from program import PROGRAM, eventually, run
from spider import request

UNVERIFIED = ssl._create_unverified_context()
CHANNEL = ("--channel", "car", "--data", "metric")


def presented(port):
    """The certificate that the server shows to those who come now."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as plain, UNVERIFIED.wrap_socket(plain) as secured:
        return secured.getpeercert(binary_form=True)


def refuses(tmp_path, *options, data_dir=None):
    """What a server that doesn't start says, in one line."""
    outcome = run("serve", "--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", data_dir or tmp_path, *options)
    assert outcome.returncode == 1, outcome
    (line,) = outcome.stderr.splitlines()
    return line


# --- the key that clients pin


def test_the_printed_fingerprint_is_the_keys(server):
    assert server.key == key_fingerprint(presented(server.port))


@pytest.mark.parametrize("command", ["publish", "subscribe"])
def test_who_pins_the_fingerprint_needs_neither_file_nor_name(start_server, start, command):
    server = start_server("--open", listen="0.0.0.0:0")
    client = start(command, "--server", f"wss://127.0.0.3:{server.port}", *CHANNEL, "--stats", "--fingerprint", server.key)
    client.wait_for_stats(lambda stats: stats["state"] == "connected")
    assert client.complaints() == []


@pytest.mark.parametrize("command", ["publish", "subscribe"])
def test_another_key_is_refused_with_both_fingerprints(server, command):
    wrong = "sha256:" + "ab" * 32
    trusting = ("--ca", server.certificate)  # which doesn't count any more
    outcome = run(command, "--server", server.wss, *CHANNEL, *trusting, "--fingerprint", wrong)
    assert outcome.returncode == 1
    (line,) = outcome.stderr.splitlines()
    assert wrong in line and server.key in line


def test_the_certificates_own_fingerprint_is_told_from_the_keys(server):
    mistaken = "sha256:" + server.fingerprint.lower()
    outcome = run("publish", "--server", server.wss, *CHANNEL, "--fingerprint", mistaken)
    assert outcome.returncode == 1
    assert "fingerprint of its certificate" in outcome.stderr and server.key in outcome.stderr


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (("--fingerprint", "sha256:1234"), "64 hexadecimal digits"),
        (("--fingerprint", "sha256:" + "0" * 64), "wss://"),  # the server is called without TLS
    ],
)
def test_a_fingerprint_that_cannot_be_meant(server, options, part):
    outcome = run("publish", "--server", server.ws, *CHANNEL, *options)
    assert outcome.returncode == 1
    assert part in outcome.stderr


def test_fingerprint_and_insecure_exclude_each_other(server):
    outcome = run("publish", "--server", server.wss, *CHANNEL, "--insecure", "--fingerprint", server.key)
    assert outcome.returncode == 2
    assert "--fingerprint" in outcome.stderr


def test_the_doctor_knows_the_server_by_its_key(server):
    def tls(*options):
        report = run("doctor", "--server", server.wss, "--seconds", "1", "--json", *options).stdout
        return next(check for check in json.loads(report)["checks"] if check["name"] == "tls")

    assert tls("--fingerprint", server.key)["result"] == "ok"
    wrong = tls("--fingerprint", "sha256:" + "0" * 64)
    assert wrong["result"] == "failed"
    assert server.key in wrong["advice"]


def test_the_page_learns_what_a_robot_must_pin(server, start_server, tmp_path):
    status, _, body = request(server, "/api/identity")
    assert (status, json.loads(body)) == (200, {"fingerprint": server.key})
    behind = start_server("--trust-proxy", "127.0.0.1", data_dir=tmp_path / "behind")
    assert json.loads(request(behind, "/api/identity", headers={"X-Forwarded-For": "192.0.2.9",
                              "X-Forwarded-Host": "robots.example"})[2]) == {"fingerprint": None}  # fmt: skip


# --- names


def test_a_cloud_server_is_called_by_its_public_address(start_server, start):
    server = start_server("--open", "--public-ip", "127.0.0.3", listen="0.0.0.0:0")
    publisher = start("publish", "--server", f"wss://127.0.0.3:{server.port}", *CHANNEL, "--ca", server.certificate)
    publisher.wait_for_line("success")


def test_who_calls_it_otherwise_is_told_its_names(start_server):
    server = start_server("--name", "robots.example,203.0.113.9", listen="0.0.0.0:0")
    outcome = run("publish", "--server", f"wss://127.0.0.3:{server.port}", *CHANNEL, "--ca", server.certificate)
    assert outcome.returncode == 1
    assert "only, not for 127.0.0.3" in outcome.stderr and "localhost" in outcome.stderr
    assert "--fingerprint sha256:" in outcome.stderr


def test_new_names_make_it_again_by_the_same_key_and_who_trusts_the_old_file_still_does(start_server, start, tmp_path):
    first = start_server(listen="0.0.0.0:0")
    copy = tmp_path / "copied.pem"
    copy.write_bytes(pathlib.Path(first.certificate).read_bytes())
    first.stop()
    second = start_server("--open", "--name", "robots.example", "--public-ip", "127.0.0.3",
                          listen="0.0.0.0:0")  # fmt: skip
    said = second.wait_for_error("made the certificate")
    assert first.fingerprint in said and second.fingerprint in said and "robots.example" in said
    assert second.key == first.key
    assert second.fingerprint != first.fingerprint
    assert {"robots.example", "127.0.0.3", "localhost"} <= names_in(pathlib.Path(second.certificate).read_bytes())
    publisher = start("publish", "--server", f"wss://127.0.0.3:{second.port}", *CHANNEL, "--ca", copy)
    publisher.wait_for_line("success")
    second.stop()
    third = start_server("--name", "robots.example", listen="0.0.0.0:0")
    assert third.fingerprint == second.fingerprint
    assert not any("made the certificate" in line for line in third.complaints())


@pytest.mark.parametrize("name", ["https://robots.example", "robots.example:443", "*.example"])
def test_a_name_that_nobody_can_call(tmp_path, name):
    assert "no name of a server" in refuses(tmp_path, "--name", name)


# --- what is kept


@pytest.mark.parametrize("damage", [b"", b"-----BEGIN CERTIFICATE-----\nMIIB"])
def test_a_damaged_certificate_is_no_new_identity(start_server, tmp_path, damage):
    server = start_server()
    server.stop()
    kept, key = tmp_path / "data" / "cert.pem", tmp_path / "data" / "key.pem"
    secret = key.read_bytes()
    kept.write_bytes(damage)
    said = refuses(tmp_path, data_dir=tmp_path / "data")
    assert str(kept) in said and "remove it" in said
    assert kept.read_bytes() == damage and key.read_bytes() == secret
    kept.unlink()  # as it says
    again = start_server()
    assert again.key == server.key


def test_without_a_home_nothing_is_left_lying_about(tmp_path):
    outcome = subprocess.run(
        [pathlib.Path(PROGRAM).absolute(), "serve", "--listen", "127.0.0.1:0", "--media-port", "0"],
        cwd=tmp_path, env={}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert outcome.returncode == 1
    assert "HOME isn't set" in outcome.stderr and "--data-dir" in outcome.stderr
    assert list(tmp_path.iterdir()) == []


# --- a certificate of one's own


@pytest.mark.parametrize(
    ("names", "days", "options", "part"),
    [
        (["a.example"], (-90, -2), (), "has expired on"),
        (["a.example"], (2, 90), (), "not valid before"),
        (["a.example"], (-80, 5), (), "expires on"),
        (["a.example", "b.example"], (-1, 90), ("--name", "c.example"), "for a.example, b.example, not for c.example"),
    ],
)
def test_what_clients_will_refuse_is_said_at_the_start(start_server, tmp_path, names, days, options, part):
    certificate, key = make_certificate(tmp_path / "own", names, days)
    server = start_server("--tls-cert", certificate, "--tls-key", key, *options)
    said = server.wait_for_error("WARNING")
    assert part in said and str(certificate) in said


def test_nothing_is_said_of_one_that_is_well(start_server, tmp_path):
    certificate, key = make_certificate(tmp_path / "own", ["a.example", "*.b.example"])
    server = start_server("--tls-cert", certificate, "--tls-key", key, "--name", "a.example,c.b.example")
    assert server.complaints() == []


# --- SIGHUP


def test_a_renewed_certificate_is_read_again_at_sighup(start_server, start, tmp_path):
    certificate, key = make_certificate(tmp_path / "own")
    server = start_server("--tls-cert", certificate, "--tls-key", key)
    before = presented(server.port)
    viewer = start("subscribe", "--server", server.wss, *CHANNEL, "--fingerprint", server.key, "--stats")
    viewer.wait_for_stats(lambda stats: stats["state"] == "connected")
    make_certificate(tmp_path / "own", ["localhost", "new.example"], (-80, 5))
    server.send_signal(signal.SIGHUP)
    assert "SHA-256" in server.wait_for_error("read the certificate again")
    assert "expires on" in server.wait_for_error("WARNING")
    eventually(lambda: presented(server.port) != before)
    viewer.wait_for_stats(lambda stats: stats["state"] == "connected")
    renewed = presented(server.port)
    certificate.write_text("nonsense", encoding="ascii")
    server.send_signal(signal.SIGHUP)
    assert str(certificate) in server.wait_for_error("the certificate stays what it was")
    assert presented(server.port) == renewed
    assert server.running() and viewer.running()


def test_sighup_ends_nobody(server, publish, subscribe, start, tmp_path):
    publisher = publish("--data", "metric", "--stats")
    subscriber = subscribe("--video", "none", "--data", "metric", "--stats")
    demo = start("demo", "--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", tmp_path)
    demo.wait_for_line("success")
    for client in (publisher, subscriber):
        client.wait_for_stats(lambda stats: stats["state"] == "connected")
    for program in (publisher, subscriber, demo):
        program.send_signal(signal.SIGHUP)
    demo.wait_for_error("read the certificate again")
    for client in (publisher, subscriber):
        client.wait_for_stats(lambda stats: stats["state"] == "connected")
    assert all(program.running() for program in (publisher, subscriber, demo))


# --- what is printed


def test_a_server_for_this_machine_says_how_others_reach_it(server):
    lines = server.out.all()
    server.wait_for(re.compile(r"for others: --listen 0\.0\.0\.0:\d+").search)
    assert f"console {server.http}/" in lines
    assert not any(line.strip().startswith("https://") for line in lines)


def test_a_server_for_all_prints_what_to_open_and_lines_that_work_on_the_robot(start_server, start, tmp_path):
    server = start_server(listen="0.0.0.0:0")
    make = server.wait_for(re.compile(r"^  (\(umask 077; rtcpub token .*--token-only >car-1\.token\))$").match)[1]
    line = server.wait_for(re.compile(r"^  (rtcpub publish .*)$").match)[1]
    urls = [each.strip() for each in server.out.all() if each.startswith("  https://")]
    assert urls, "this machine has no address but loopback"
    assert all(url.endswith(f":{server.port}/") for url in urls)
    assert any("Browsers warn" in each for each in server.out.all())
    program = str(pathlib.Path(PROGRAM).absolute())
    subprocess.run(make.replace("rtcpub", program, 1), shell=True, check=True, cwd=tmp_path)
    own = line.replace("v4l2:", "test:?size=320x240&fps=15").replace("car-1.token", f"{tmp_path}/car-1.token")
    words = own.split()[1:]
    start(*words).wait_for_line("success")
    assert "--fingerprint" in words and words[words.index("--server") + 1].replace("wss", "https") + "/" in urls


def on_a_terminal(*arguments, columns=100):
    """What `rtcpub serve` prints on a terminal until it has told all."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    command = [PROGRAM, "serve", "--media-port", "0", *map(str, arguments)]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL) as program:
        os.close(theirs)
        said = b""
        while b"rtcpub publish" not in said:
            said += os.read(ours, 65536)
        program.send_signal(signal.SIGINT)
        try:
            while more := os.read(ours, 65536):
                said += more
        except OSError:  # the other end is closed
            pass
        program.wait(60)
    os.close(ours)
    return said.decode()


def test_a_terminal_shows_a_qr_code_of_an_address_that_others_may_open(tmp_path):
    everywhere = ("--listen", "0.0.0.0:0", "--data-dir", tmp_path)
    assert "█" in on_a_terminal(*everywhere)
    assert "█" not in on_a_terminal(*everywhere, "--no-qr")
    assert "█" not in on_a_terminal(*everywhere, columns=30)
    assert "█" not in on_a_terminal("--listen", "127.0.0.1:0", "--data-dir", tmp_path)


def test_the_demonstration_says_where_the_program_is(start, tmp_path):
    demo = start("demo", "--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", tmp_path)
    demo.wait_for(re.compile(r"this program is /.*rtcpub; .*\./dev install").search)
