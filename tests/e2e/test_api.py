"""What the server's TCP port offers besides signalling: API, console, TLS."""

import hashlib
import http.client
import json
import socket
import ssl
import stat
import subprocess
import urllib.request

import pytest
from program import eventually, frames, run
from spider import request, upgrade

UNVERIFIED = ssl._create_unverified_context()


def get(url):
    return urllib.request.urlopen(url, timeout=30, context=UNVERIFIED)


def listed(server, channel):
    """A channel's entry in the API; None when it has none."""
    channels = json.loads(request(server, "/api/channels")[2])["channels"]
    return next((entry for entry in channels if entry["id"] == channel), None)


def presented_certificate(port, host="127.0.0.1"):
    with socket.create_connection((host, port), timeout=30) as plain, UNVERIFIED.wrap_socket(plain) as secured:
        return secured.getpeercert(binary_form=True)


def test_healthz_says_ok(server):
    status, headers, body = request(server, "/healthz")
    assert (status, json.loads(body)) == (200, {"status": "ok"})
    assert headers["Content-Type"] == "application/json"


def test_the_api_lists_no_channels_when_there_are_none(start_server):
    assert json.loads(request(start_server(), "/api/channels")[2]) == {"channels": []}


def test_the_api_lists_a_channel_with_its_publisher_and_subscribers(server, publish, subscribe, channel):
    publish("--video", "test:?size=320x240&fps=15", "--codec", "vp8")
    subscriber = subscribe("--stats")
    subscriber.wait_for_stats(lambda stats: frames(stats) >= 15)

    def with_figures():
        entry = listed(server, channel)
        return entry if "rtt_ms" in entry["publisher"] else None

    entry = eventually(with_figures)
    assert list(entry) == ["id", "publisher", "subscribers"]
    assert entry["subscribers"] == 1
    assert list(entry["publisher"]) == ["connected", "codec", "kbps", "packets", "lost", "recovered", "rtt_ms"]
    assert entry["publisher"]["connected"] is True
    assert entry["publisher"]["codec"] == "VP8"
    assert entry["publisher"]["kbps"] > 0
    assert entry["publisher"]["packets"] > 15
    assert 0 < entry["publisher"]["rtt_ms"] < 1000


def test_a_channel_without_a_publisher_is_listed_and_goes_with_its_last_member(server, subscribe, channel):
    subscriber = subscribe("--video", "none", "--data", "metric", "--stats")
    subscriber.wait_for_stats(lambda stats: stats["state"] == "connected")
    assert listed(server, channel) == {"id": channel, "publisher": None, "subscribers": 1}
    subscriber.stop()
    eventually(lambda: listed(server, channel) is None)


def test_the_console_is_served_with_a_strict_content_policy(server):
    status, headers, body = request(server, "/")
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")
    assert b"<title>RTCPub</title>" in body
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy and "unsafe-eval" not in policy
    assert policy.endswith(f"connect-src 'self' ws://127.0.0.1:{server.port} wss://127.0.0.1:{server.port}")
    hostile = request(server, "/", headers={"Host": "127.0.0.1; script-src *"})[1]["Content-Security-Policy"]
    assert hostile is None or hostile.endswith("connect-src 'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    for path, kind in (("/console.js", "text/javascript"), ("/console.css", "text/css"), ("/favicon.svg", "image/svg"),
                       ("/manifest.webmanifest", "application/manifest+json"), ("/icon-180.png", "image/png")):
        status, headers, body = request(server, path)
        assert status == 200 and headers["Content-Type"].startswith(kind) and body


def test_only_pages_that_are_named_may_have_the_console_in_a_frame(start_server):
    server = start_server("--allow-embedding", "https://Site.example", "--allow-embedding", "http://127.0.0.1:8080")
    for path in ("/", "/index.html", "/console.js"):
        headers = request(server, path)[1]
        assert "; frame-ancestors https://site.example http://127.0.0.1:8080; " in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] is None
    # What a page may do that has it in a frame is what it was.
    status, _, body = upgrade(server, "/live/ws/sub?channel=a", Origin="https://site.example")
    assert status == 403
    assert "that is for its own pages only" in json.loads(body)["error"]
    headers = request(server, "/api/channels", headers={"Origin": "https://site.example"})[1]
    assert headers["Access-Control-Allow-Origin"] is None


@pytest.mark.parametrize(("origin", "why"), [
    ("site.example", "write its scheme and its name, as https://example.com"),
    ("https://site.example/app", "leave out what comes after the name: https://site.example"),
    ("https://*.example", "instead of a pattern"),
    ("https://site.example; script-src x", "other characters"),
])
def test_what_is_no_origin_is_told_at_the_start(tmp_path, origin, why):
    where = ("--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", tmp_path)
    outcome = run("serve", *where, "--allow-embedding", origin)
    assert outcome.returncode == 1
    (line,) = outcome.stderr.splitlines()
    assert line.startswith("rtcpub: --allow-embedding: ") and why in line


def test_head_tells_the_size_without_the_page(server):
    status, headers, body = request(server, "/", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(request(server, "/")[2])


def test_a_websocket_of_another_sites_page_is_refused(server):
    status, _, body = upgrade(server, "/live/ws/sub?channel=a", Origin="https://elsewhere.example")
    assert status == 403
    assert "that is for its own pages only" in json.loads(body)["error"]


def test_tls_and_plain_http_share_one_port(server):
    assert get(f"http://127.0.0.1:{server.port}/healthz").status == 200
    assert get(f"https://127.0.0.1:{server.port}/healthz").status == 200


def test_its_own_certificate_is_trusted_when_it_is_named_and_only_then(server):
    trusting = ssl.create_default_context(cafile=server.certificate)
    for host in ("127.0.0.1", "localhost"):
        with urllib.request.urlopen(f"https://{host}:{server.port}/healthz", context=trusting) as answer:
            assert answer.status == 200
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"https://127.0.0.1:{server.port}/healthz")


def test_the_printed_fingerprint_is_the_certificates(server):
    digest = hashlib.sha256(presented_certificate(server.port)).hexdigest().upper()
    assert server.fingerprint == ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))


def test_the_certificate_is_kept_over_restarts_and_its_key_is_private(start_server, tmp_path):
    first = start_server()
    assert first.stop()[0] == 0
    second = start_server()
    assert second.fingerprint == first.fingerprint
    assert presented_certificate(second.port)
    assert stat.S_IMODE((tmp_path / "data" / "key.pem").stat().st_mode) == 0o600
    other = start_server(data_dir=tmp_path / "other")
    assert other.fingerprint != first.fingerprint


def test_a_certificate_of_ones_own_is_used(start_server, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=robots.example", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    server = start_server("--tls-cert", certificate, "--tls-key", key)
    assert presented_certificate(server.port) == ssl.PEM_cert_to_DER_cert(certificate.read_text())


def test_other_machines_are_served_with_tls_only(start_server, own_address):
    server = start_server("--open", listen=f"{own_address}:0")
    plain = http.client.HTTPConnection(own_address, server.port, timeout=30)
    for path in ("/", "/api/channels", "/live/ws/sub?channel=a"):
        plain.request("GET", path, headers={"Connection": "close"})
        refused = plain.getresponse()
        assert refused.status == 400
        assert "https://" in json.loads(refused.read())["error"]
        plain.close()
    assert get(f"https://{own_address}:{server.port}/healthz").status == 200


def test_video_reaches_a_subscriber_over_tls_and_an_address_of_the_network(start_server, start, own_address):
    server = start_server("--open", listen=f"{own_address}:0")
    connection = ("--server", f"wss://{own_address}:{server.port}", "--ca", server.certificate, "--channel", "car")
    start("publish", *connection, "--video", "test:?size=320x240&fps=15").wait_for_line("success")
    start("subscribe", *connection, "--stats").wait_for_stats(lambda stats: frames(stats) >= 15)


def test_listening_for_everyone_warns_of_nothing_since_it_asks_for_tokens(start_server):
    server = start_server(listen="0.0.0.0:0")
    assert request(server, "/api/channels")[0] == 401
    server.stop()
    assert server.complaints() == []


def test_listening_on_loopback_warns_of_nothing(start_server):
    server = start_server()
    server.stop()
    assert server.complaints() == []


def test_a_server_listens_on_ipv6_too(start_server, start):
    server = start_server(listen="[::1]:0")
    connection = ("--server", f"ws://[::1]:{server.port}", "--channel", "six")
    start("publish", *connection, "--video", "test:?size=320x240&fps=15").wait_for_line("success")
    start("subscribe", *connection, "--stats").wait_for_stats(lambda stats: frames(stats) >= 15)
