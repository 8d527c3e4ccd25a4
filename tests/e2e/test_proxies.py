"""The server behind real reverse proxies, configured as docs/proxy.md says. It asks for tokens, which they pass on."""

import asyncio
import contextlib
import http.client
import json
import pathlib
import re
import socket
import ssl

import pytest
import websockets
from access import make_token, write_secret
from program import Program, Server, eventually, frames, run
from spider import answer_to, offer, target

DOCS = pathlib.Path(__file__).parents[2] / "docs" / "proxy.md"
UNVERIFIED = ssl._create_unverified_context()


def documented(language, replacements):
    """The configuration that the docs show, for this test's addresses."""
    text = re.search(rf"```{language}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)[1]
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, new)
    return text


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def nginx(folder, port, server, leave_out=None):
    """The command that runs it."""
    site = documented("nginx", {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/robots.example.pem": server.certificate,
        "/etc/ssl/robots.example.key": key_of(server),
        "127.0.0.1:8267": f"127.0.0.1:{server.port}",
        "/var/log/nginx/rtcpub.log": f"{folder}/access.log",
    })  # fmt: skip
    if leave_out:
        site = "\n".join(line for line in site.splitlines() if not re.search(leave_out, line))
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = folder / "nginx.conf"
    config.write_text(f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
                      f"http {{\naccess_log off;\n{temporary}{site}\n}}\n", encoding="ascii")  # fmt: skip
    return ["/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", config]


def caddy(folder, port, server):
    site = documented("caddy", {
        "robots.example {": f"https://robots.example:{port}, https://127.0.0.1:{port} {{\n  bind 127.0.0.1\n"
                            f"  tls {server.certificate} {key_of(server)}",
        "127.0.0.1:8267": f"127.0.0.1:{server.port}",
    })  # fmt: skip
    config = folder / "Caddyfile"
    config.write_text(f"{{\n  admin off\n  auto_https off\n  skip_install_trust\n}}\n{site}", encoding="ascii")
    return ["/usr/bin/env", f"HOME={folder}", f"XDG_DATA_HOME={folder}", f"XDG_CONFIG_HOME={folder}",
            "caddy", "run", "--config", config, "--adapter", "caddyfile"]  # fmt: skip


def key_of(server):
    return str(pathlib.Path(server.certificate).parent / "key.pem")


class Proxy:
    """A proxy that runs, with its server behind it, and who has this token asks."""

    def __init__(self, server, port, folder, token=None):
        self.server = server
        self.port = port
        self.folder = folder
        self.token = token
        self.wss = f"wss://127.0.0.1:{port}"
        self.origin = f"https://127.0.0.1:{port}"

    def listening(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=10):
            return True
        return False

    def get(self, path, headers=None):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=UNVERIFIED)
        with contextlib.closing(connection):
            bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            connection.request("GET", path, headers=bearer | (headers or {}))
            response = connection.getresponse()
            return response.status, response.read().decode()

    def upgrade(self, origin):
        """Status and body of the answer to a page of `origin` that opens a WebSocket."""
        return self.get(target("sub", "car"), {
            "Origin": origin, "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})  # fmt: skip


@pytest.fixture(name="put_before", scope="module")
def fixture_put_before(tmp_path_factory):
    """Starts a proxy before a server; `configure` gives its command."""
    started = []

    def put_before(server, configure, token=None, **options):
        folder = tmp_path_factory.mktemp("proxy")
        proxy = Proxy(server, free_port(), folder, token)
        started.append(Program(*configure(folder, proxy.port, server, **options)))
        proxy.program = started[-1]
        eventually(lambda: proxy.listening() or not started[-1].running())
        assert started[-1].running(), started[-1].describe()
        return proxy

    yield put_before
    for program in started:
        program.kill()


@pytest.fixture(name="behind", scope="module")
def fixture_behind(tmp_path_factory):
    """A server that trusts a proxy on this machine."""
    server = Server(tmp_path_factory.mktemp("behind"), "--trust-proxy", "127.0.0.1,10.0.0.0/8", "--log", "info")
    yield server
    server.kill()


@pytest.fixture(name="proxy", scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def fixture_proxy(request, behind, put_before):
    data_dir = pathlib.Path(behind.certificate).parent
    return put_before(behind, request.param, token=make_token(data_dir, "*", "publish,drive"))


def test_the_console_opens(proxy):
    status, page = proxy.get("/")
    assert status == 200 and "console.js" in page
    assert proxy.get("/console.js")[0] == 200


def test_its_page_opens_a_websocket_and_the_log_names_the_client(proxy):
    async def open_one():
        async with websockets.connect(proxy.wss + target("sub", "page"), ssl=UNVERIFIED, origin=proxy.origin,
                                      subprotocols=["rtcpub", f"rtcpub.token.{proxy.token}"], compression=None,
                                      local_addr=("127.0.0.9", 0)) as socket:  # fmt: skip
            assert socket.subprotocol == "rtcpub"
            return await answer_to(socket, offer())

    assert asyncio.run(open_one()).startswith("v=0")
    assert '"Kim", may view' in proxy.server.wait_for_error("from 127.0.0.9")


def test_another_sites_page_is_told_both_hosts(proxy):
    status, body = proxy.upgrade("https://evil.example")
    assert status == 403
    said = json.loads(body)["error"]
    assert "https://evil.example" in said and f"127.0.0.1:{proxy.port}" in said


def test_a_page_without_tls_is_another_sites(proxy):
    status, body = proxy.upgrade(proxy.origin.replace("https", "http"))
    assert status == 403
    assert f"{proxy.origin}," in json.loads(body)["error"]


def test_ice_servers_have_the_name_that_the_client_used(proxy):
    servers = json.loads(proxy.get("/api/ice", {"Host": f"robots.example:{proxy.port}"})[1])["iceServers"]
    assert servers[0]["urls"] == [f"stun:robots.example:{proxy.server.media_port}"]


def test_who_has_no_token_comes_no_further_than_the_console(proxy):
    nobody = Proxy(proxy.server, proxy.port, proxy.folder)
    assert nobody.get("/")[0] == 200
    for path in ("/api/channels", "/api/ice", "/api/access?channel=car"):
        status, body = nobody.get(path)
        assert (status, json.loads(body)["code"]) == (401, "no-token")
    status, body = nobody.upgrade(proxy.origin)
    assert (status, json.loads(body)["code"]) == (401, "no-token")


def test_no_log_of_the_proxy_has_a_token(proxy):
    """However it came: as a header, as a browser's subprotocol, or in an old client's URL."""
    path = target("sub", "car")
    protocols = {"Sec-WebSocket-Protocol": f"rtcpub, rtcpub.token.{proxy.token}"}
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    nobody = Proxy(proxy.server, proxy.port, proxy.folder)
    for asked in ((f"/api/access?channel=car&token={proxy.token}", {}), (path, upgrade | protocols), ("/api/channels", {})):
        assert nobody.get(*asked)[0] in (101, 200, 401)
    assert proxy.get("/api/channels")[0] == 200

    def logged():
        file = proxy.folder / "access.log"
        text = "\n".join(proxy.program.err.all() + ([file.read_text(encoding="utf-8")] if file.exists() else []))
        return text if text.count("/api/channels") >= 2 else None

    text = eventually(logged)
    assert "/api/access" in text
    assert proxy.token not in text and proxy.token.split(".")[1] not in text


def test_video_and_data_go_through(proxy, start, channel, tmp_path):
    file = write_secret(tmp_path / "token", proxy.token)
    common = ("--server", proxy.wss, "--ca", proxy.server.certificate, "--channel", channel, "--data", "metric",
              "--token-file", file)  # fmt: skip
    publisher = start("publish", *common, "--video", "test:?size=320x240&fps=15")
    publisher.wait_for_line("success")
    viewer = start("subscribe", *common, "--stats", "--print-data")
    viewer.wait_for_stats(lambda stats: frames(stats) >= 5)
    publisher.write("metric\thello")
    viewer.wait_for_line("metric\thello")


# --- what goes wrong


def test_nginx_that_keeps_the_name_to_itself_is_told_of(start_server, put_before):
    server = start_server()
    proxy = put_before(server, nginx, leave_out="Host|X-Forwarded")
    status, body = proxy.upgrade(proxy.origin)
    assert status == 403
    said = json.loads(body)["error"]
    assert proxy.origin in said and f"was called 127.0.0.1:{server.port}" in said and "X-Forwarded-Host" in said
    assert proxy.origin in server.wait_for_error("wanted a WebSocket")


def test_nginx_as_it_comes_is_told_of(start_server, put_before):
    server = start_server()
    proxy = put_before(server, nginx, leave_out="http_version|Upgrade|Connection ")
    outcome = run("publish", "--server", proxy.wss, "--ca", server.certificate, "--channel", "car", "--data", "metric")
    assert outcome.returncode == 1
    assert "426" in outcome.stderr and "must pass on the headers Upgrade and Connection" in outcome.stderr


def test_headers_of_strangers_are_ignored(server):
    """Nobody is trusted unless told so: what the page's own host is, is not theirs to say."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", "/api/ice", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "10.0.0.1"})
        assert "evil.example" not in connection.getresponse().read().decode()


def test_a_request_in_absolute_form_is_answered(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", "http://robots.localhost:8080/api/ice", headers={"Host": "other.example"})
        response = connection.getresponse()
        assert response.status == 200
        assert "stun:robots.localhost:" in response.read().decode()


def test_a_proxy_that_is_not_trusted_is_told_of(start_server, put_before):
    server = start_server()
    proxy = put_before(server, nginx)
    status, body = proxy.get("/", {"Host": "robots.example"})
    assert status == 403
    said = json.loads(body)["error"]
    assert "robots.example" in said and "trusts the proxy" in said


def test_a_name_that_the_operator_gave_is_answered_on_loopback(start_server):
    server = start_server("--name", "robots.example", "--open")
    for host, status in (("robots.example", 200), ("evil.example", 403), (f"localhost:{server.port}", 200)):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", "/api/channels", headers={"Host": host})
            response = connection.getresponse()
            assert response.status == status, host
            assert status == 200 or "evil.example" in json.loads(response.read())["error"]


@pytest.mark.parametrize("value", ["proxy.example", "10.0.0.0/40", "10.0.0.1,::/200"])
def test_a_proxy_that_is_no_address_is_refused(value, tmp_path):
    outcome = run("serve", "--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", tmp_path, "--trust-proxy", value)
    assert outcome.returncode == 1
    (line,) = outcome.stderr.splitlines()
    assert "cannot trust the proxy" in line and "10.0.0.0/8" in line
