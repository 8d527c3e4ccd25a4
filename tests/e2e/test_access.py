"""Who is let in: tokens, the links that hold them, and what is refused by which name."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import ssl
import stat
import subprocess

import pytest
from access import FOR_OTHERS, make_token, write_secret
from program import PROGRAM, Program, Server, eventually, frames, run
from spider import request, upgrade

UNVERIFIED = ssl._create_unverified_context()

# A proxy on this machine that the server believes: so a request can come from any address.
BEHIND_A_PROXY = ["--trust-proxy", "127.0.0.1"]


@pytest.fixture(name="guarded", scope="module")
def fixture_guarded(tmp_path_factory):
    """A server that asks for tokens, for all tests of this file. In the end its log holds none of them."""
    data = tmp_path_factory.mktemp("guarded")
    server = Server(data, *BEHIND_A_PROXY, "--log", "debug")
    server.data = data
    yield server
    try:
        assert server.stop()[0] == 0, server.describe()
        said = "\n".join(server.err.all() + server.out.all())
        assert not re.search(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", said), "a token in the log"
    finally:
        server.kill()


@pytest.fixture(name="client")
def fixture_client(start, guarded, channel, tmp_path):
    """Starts a subcommand on the test's channel, with a token for these rights."""

    def client(subcommand, rights, *options, for_channel=None, lifetime="1h", on=None):
        token = make_token(guarded.data, for_channel or channel, rights, lifetime)
        file = write_secret(tmp_path / f"{subcommand}-{rights}.token", token)
        return start(subcommand, "--server", guarded.ws, "--channel", on or channel, "--token-file", file, *options)

    return client


def bearer(token, address=None):
    return {"Authorization": f"Bearer {token}"} | ({"X-Forwarded-For": address} if address else {})


def ask(server, headers, channel="car-1"):
    """Status and body of what a token is good for."""
    status, _, body = request(server, f"/api/access?channel={channel}", headers=headers)
    return status, json.loads(body)


# --- From nothing to a link


def test_the_key_is_made_once_for_its_owner_alone(start_server, tmp_path):
    first = start_server(*FOR_OTHERS)
    key = tmp_path / "data" / "token.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = key.read_text(encoding="ascii")
    assert re.fullmatch(r"[\w-]{43}\n", secret)
    assert first.stop()[0] == 0
    start_server(*FOR_OTHERS)
    assert key.read_text(encoding="ascii") == secret


def test_a_server_for_its_own_machine_asks_for_nothing(start_server, tmp_path):
    server = start_server()
    assert not (tmp_path / "data" / "token.key").exists()
    status, said = ask(server, {})
    assert status == 200
    assert said == {"rights": ["publish", "view", "drive", "admin"], "name": "", "until": None}


@pytest.mark.parametrize("options", [["--name", "robots.test"], ["--public-ip", "203.0.113.5"], BEHIND_A_PROXY])
def test_one_for_others_asks_for_tokens_also_on_loopback(start_server, options):
    status, said = ask(start_server(*options), {})
    assert (status, said["code"]) == (401, "no-token")


def test_one_that_is_open_says_what_that_exposes(start_server, tmp_path):
    server = start_server("--open", listen="0.0.0.0:0")
    warning = server.wait_for_error("WARNING")
    assert "open on 0.0.0.0" in warning
    assert "watch, publish to and drive every channel" in warning
    assert not (tmp_path / "data" / "token.key").exists()
    assert ask(server, {})[0] == 200


def test_the_link_is_printed_with_its_token(start_server, tmp_path):
    server = start_server(*FOR_OTHERS)
    data = tmp_path / "data"
    eventually((data / "server.json").exists)
    outcome = run("token", "--data-dir", data, "--channel", "car-1", "--rights", "view,drive", "--for", "8h", "--name", "Kim")
    assert outcome.returncode == 0, outcome.stderr
    token, *links = outcome.stdout.splitlines()
    assert links == [f"{server.http}/?channel=car-1#token={token}"]
    assert "view,drive in car-1 for Kim, which ends in 8h" in outcome.stderr
    status, said = ask(server, bearer(token))
    assert status == 200
    assert (said["rights"], said["name"]) == (["view", "drive"], "Kim")


def test_the_link_leads_where_one_says(guarded):
    outcome = run("token", "--data-dir", guarded.data, "--channel", "car-*", "--server", "https://robots.example", "--json")
    said = json.loads(outcome.stdout)
    assert said["links"] == [f"https://robots.example/#token={said['token']}"]
    assert said["seconds"] == 24 * 3600


def test_the_token_comes_alone_for_a_file(guarded):
    outcome = run("token", "--data-dir", guarded.data, "--channel", "car-1", "--for", "ever", "--token-only")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", outcome.stdout)
    assert outcome.stderr == ""
    assert ask(guarded, bearer(outcome.stdout.strip()))[1]["until"] is None


def test_the_token_that_comes_alone_says_that_its_key_is_new(tmp_path):
    make = ["token", "--data-dir", tmp_path / "data", "--channel", "car-1", "--token-only"]
    first = run(*make)
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", first.stdout)
    assert f"{tmp_path}/data/token.key was made just now" in first.stderr
    assert run(*make).stderr == ""


def test_a_link_is_no_token_file(tmp_path):
    file = write_secret(tmp_path / "car-1.token", "https://robots.example/?channel=car-1#token=a.b.c")
    outcome = run("subscribe", "--server", "ws://127.0.0.1:1", "--channel", "car-1", "--token-file", file)
    missing = run("subscribe", "--server", "ws://127.0.0.1:1", "--channel", "car-1", "--token-file", f"{file}-none")
    assert outcome.returncode == missing.returncode != 0
    assert f"{file} holds a link" in outcome.stderr and "#token=" in outcome.stderr
    assert "a.b.c" not in outcome.stderr


def test_a_key_that_is_made_before_the_server_is_taken_by_it(start_server, tmp_path):
    """Whoever pastes all the lines of docs/access.md at once may be quicker than the server."""
    outcome = run("token", "--data-dir", tmp_path / "data", "--channel", "car-1")
    assert outcome.returncode == 0
    assert f"{tmp_path}/data/token.key" in outcome.stderr and "made just now" in outcome.stderr
    assert "add --server" in outcome.stderr
    assert ask(start_server(*FOR_OTHERS), bearer(outcome.stdout.strip()))[0] == 200


def test_the_lines_of_the_docs_do_pasted_whole(tmp_path):
    """In a network of its own, since they are for the usual ports."""
    text = (pathlib.Path(__file__).parents[2] / "docs" / "access.md").read_text(encoding="utf-8")
    lines = re.search(r"```sh\n(rtcpub serve.*?)```", text, re.DOTALL)[1].replace("v4l2:", "test:?size=320x240&fps=15")
    lines = lines.replace("test:?size=320x240&fps=15", "'test:?size=320x240&fps=15'").replace("rtcpub ", '"$RTCPUB" ')
    connected = "for _ in $(seq 600); do grep -qx success said && break; sleep 0.1; done"
    script = f"exec >said 2>&1\nip link set lo up\n{lines}\n{connected}\nkill $(jobs -p)\nwait\n"
    subprocess.run(["unshare", "--net", "bash", "-c", script], cwd=tmp_path, timeout=120, check=False,
                   env={**os.environ, "HOME": str(tmp_path), "RTCPUB": str(pathlib.Path(PROGRAM).absolute())})  # fmt: skip
    said = (tmp_path / "said").read_text(encoding="utf-8")
    links = re.findall(r"^https?://\S+/\?channel=car-1#token=\S+$", said, re.MULTILINE)
    assert len(links) >= 2, said
    assert "success" in said.splitlines(), said


@pytest.mark.parametrize("wrong", [["--rights", "fly"], ["--for", "8"], ["--for", "0s"], ["--server", "ftp://a"],
                                   ["--server", "foo"], ["--channel", "a b"], ["--for", "4000d"]])  # fmt: skip
def test_it_says_what_it_does_not_understand(guarded, wrong):
    given = [*([] if "--channel" in wrong else ["--channel", "car-1"]), *wrong]
    outcome = run("token", "--data-dir", guarded.data, *given)
    assert outcome.returncode in (1, 2)
    assert outcome.stdout == "" and len(outcome.stderr.splitlines()) <= 3 and outcome.stderr


def test_serve_prints_tokens_when_asked(start_server):
    server = start_server(*FOR_OTHERS, "--print-tokens")
    watching = server.wait_for(re.compile(r"console \S+/#token=(\S+)").match)[1]
    publishing = server.wait_for(re.compile(r"  (eyJ\S+)$").match)[1]
    assert ask(server, bearer(watching))[1]["rights"] == ["view"]
    assert ask(server, bearer(publishing))[1]["rights"] == ["publish"]


def test_the_demo_shows_itself_by_links(started, tmp_path):
    demo = Program(PROGRAM, "demo", "--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", tmp_path, *FOR_OTHERS)
    started.append(demo)
    found = demo.wait_for(re.compile(r"open http://127.0.0.1:(\d+)/\?channel=demo#token=(\S+)").match)
    demo.port = int(found[1])
    demo.wait_for_line("success")
    assert ask(demo, bearer(found[2]), "demo")[1]["rights"] == ["view", "drive"]


# --- What is let in


def test_a_token_for_each_side_is_all_it_takes(client):
    client("publish", "publish", "--video", "test:?size=320x240&fps=15").wait_for_line("success")
    client("subscribe", "view", "--stats").wait_for_stats(lambda stats: frames(stats) >= 15)


def test_a_token_is_for_its_channels(client):
    viewer = client("subscribe", "view", for_channel="truck-*")
    assert viewer.wait_for_exit() == 1
    assert "not for the channel" in viewer.complaints()[-1]


def test_who_may_watch_may_not_publish(client):
    publisher = client("publish", "view", "--data", "metric")
    assert publisher.wait_for_exit() == 1
    assert "publish" in publisher.complaints()[-1]


def test_a_client_without_a_token_says_what_it_takes(start, guarded, channel):
    viewer = start("subscribe", "--server", guarded.ws, "--channel", channel)
    assert viewer.wait_for_exit() == 1
    assert "--token-file" in viewer.complaints()[-1]


def test_who_is_in_goes_when_the_token_ends_and_others_stay(client):
    client("publish", "publish", "--video", "test:?size=320x240&fps=15").wait_for_line("success")
    staying = client("subscribe", "drive", "--stats")
    going = client("subscribe", "view", "--stats", lifetime="4s")
    going.wait_for_stats(lambda stats: frames(stats) >= 5)
    assert going.wait_for_exit() == 1
    assert "expired" in going.complaints()[-1]
    staying.wait_for_frames(15)


def test_only_what_one_may_view_is_listed(client, guarded, channel):
    client("publish", "publish", "--video", "test:?size=320x240&fps=15").wait_for_line("success")

    def listed(token):
        return [entry["id"] for entry in json.loads(request(guarded, "/api/channels", headers=bearer(token))[2])["channels"]]

    assert channel in listed(make_token(guarded.data, "*", "view"))
    assert listed(make_token(guarded.data, "truck-*", "view")) == []
    assert request(guarded, "/api/channels")[0] == 401


# --- What is refused


@pytest.mark.parametrize("path", ["/api/channels", "/api/ice", "/api/access?channel=a", "/live/ws/sub?channel=a"])
def test_every_door_asks(guarded, path):
    status, headers, body = upgrade(guarded, path) if "/ws/" in path else request(guarded, path)
    assert (status, json.loads(body)["code"]) == (401, "no-token")
    assert headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cut_token_is_refused_at_each_length(guarded):
    token = make_token(guarded.data, "car-1", "view")
    for size in range(1, len(token), 11):
        status, said = ask(guarded, bearer(token[:size], f"198.51.100.{size % 256}"))
        assert status == 401 and said["code"] in ("bad-token", "bad-signature"), size


@pytest.mark.parametrize("size", [9_000, 60_000, 1_000_000])
def test_a_token_of_any_length_is_refused_cheaply(guarded, size):
    stranger = {"X-Forwarded-For": "198.51.99.1"}
    for headers, path in (({"Authorization": "Bearer " + "a" * size}, "/api/access?channel=a"),
                          ({}, "/api/access?channel=a&token=" + "a" * size)):  # fmt: skip
        try:
            status, _, _ = request(guarded, path, headers=headers | stranger)
        except OSError:
            continue  # cut while it was sent
        assert status in (400, 401, 413, 414, 431)
    assert ask(guarded, bearer(make_token(guarded.data, "car-1", "view")))[0] == 200


def test_the_21st_refusal_of_a_minute_is_told_to_wait(guarded):
    stranger = {"X-Forwarded-For": "203.0.113.7"}
    for _ in range(20):
        assert ask(guarded, stranger)[0] == 401
    status, headers, body = request(guarded, "/api/channels", headers=stranger)
    assert (status, json.loads(body)["code"]) == (429, "too-many-refusals")
    assert 0 < int(headers["Retry-After"]) <= 60
    assert upgrade(guarded, "/live/ws/sub?channel=a", **stranger)[0] == 429
    # Neither a neighbour nor who has a token waits for that.
    assert ask(guarded, {"X-Forwarded-For": "203.0.113.8"})[0] == 401
    assert ask(guarded, bearer(make_token(guarded.data, "car-1", "view"), "203.0.113.7"))[0] == 200


def test_an_ipv6_network_is_one_stranger(guarded):
    for host in range(20):
        assert ask(guarded, {"X-Forwarded-For": f"2001:db8:7:7::{host:x}"})[0] == 401
    assert ask(guarded, {"X-Forwarded-For": "2001:db8:7:7::ffff"})[0] == 429
    assert ask(guarded, {"X-Forwarded-For": "2001:db8:7:8::1"})[0] == 401


def test_an_address_of_the_network_is_asked_and_told_to_wait(start_server, start, own_address, tmp_path):
    """Without a proxy's word for where it comes from."""
    server = start_server(listen=f"{own_address}:0")

    def get(headers):
        connection = http.client.HTTPSConnection(own_address, server.port, timeout=30, context=UNVERIFIED)
        with contextlib.closing(connection):
            connection.request("GET", "/api/access?channel=car-1", headers=headers)
            return connection.getresponse().status

    assert [get({}) for _ in range(22)] == [401] * 20 + [429] * 2
    token = make_token(tmp_path / "data", "car-1", "publish,view")
    assert get(bearer(token)) == 200
    common = ("--server", f"wss://{own_address}:{server.port}", "--ca", server.certificate, "--channel", "car-1",
              "--token-file", write_secret(tmp_path / "car-1.token", token))  # fmt: skip
    start("publish", *common, "--video", "test:?size=320x240&fps=15").wait_for_line("success")
    start("subscribe", *common, "--stats").wait_for_stats(lambda stats: frames(stats) >= 15)


# --- Keys


def test_another_key_lets_in_nobody_from_before(start_server, started, tmp_path):
    server = start_server(*FOR_OTHERS)
    data = tmp_path / "data"
    old = make_token(data, "car-1", "publish,view")
    file = write_secret(tmp_path / "old.token", old)
    publisher = Program(PROGRAM, "publish", "--server", server.ws, "--channel", "car-1", "--token-file", file,
                        "--video", "test:?size=320x240&fps=15", "--stats")  # fmt: skip
    started.append(publisher)
    publisher.wait_for_line("success")
    (data / "token.key").unlink()
    server.send_signal(signal.SIGHUP)
    eventually(lambda: ask(server, bearer(old))[1].get("code") == "bad-signature")
    assert ask(server, bearer(make_token(data, "car-1", "view")))[0] == 200
    publisher.wait_for_frames(15)


def test_a_key_that_others_can_read_is_refused(start_server, tmp_path):
    data = tmp_path / "data"
    start_server(*FOR_OTHERS).stop()
    os.chmod(data / "token.key", 0o644)
    for command in (["serve", "--listen", "127.0.0.1:0", "--media-port", 0, *FOR_OTHERS], ["token", "--channel", "a"]):
        outcome = run(*command, "--data-dir", data)
        assert outcome.returncode == 1
        assert f"chmod 600 {data / 'token.key'}" in outcome.stderr


def bad_key_files(folder):
    """Files that are no public keys, and a word that their refusal has."""
    empty, private, certificate, noise = (folder / name for name in ("empty", "private.pem", "cert.pem", "noise"))
    empty.write_text("", encoding="ascii")
    private.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", encoding="ascii")
    certificate.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", encoding="ascii")
    noise.write_bytes(bytes(range(256)))
    return [(empty, "not a public key"), (private, "-pubout"), (certificate, "-pubkey"), (noise, "not a public key"),
            (folder, "directory"), (folder / "missing", "No such file")]  # fmt: skip


def test_a_key_file_that_is_none_is_named(tmp_path):
    for file, word in bad_key_files(tmp_path):
        outcome = run("serve", "--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", tmp_path / "data",
                      "--token-key", file)  # fmt: skip
        assert outcome.returncode == 1, file
        (line,) = outcome.stderr.splitlines()
        assert str(file) in line and word in line


def test_a_key_file_that_others_can_change_is_refused(tmp_path):
    file = tmp_path / "public.pem"
    file.touch()
    file.chmod(0o666)
    outcome = run("serve", "--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", tmp_path, "--token-key", file)
    assert outcome.returncode == 1
    assert f"chmod go-w {file}" in outcome.stderr


def test_keys_that_cannot_be_read_again_leave_all_as_it_was(start_server, tmp_path):
    public = tmp_path / "public.pem"
    private = tmp_path / "private.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", private],
                   check=True, capture_output=True)  # fmt: skip
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
    server = start_server("--token-key", public)
    key = tmp_path / "data" / "token.key"
    token = make_token(tmp_path / "data", "car-1", "view")
    public.write_text("nonsense", encoding="ascii")
    key.unlink()
    server.send_signal(signal.SIGHUP)
    server.wait_for_error("not a public key")
    assert ask(server, bearer(token))[0] == 200
    assert not key.exists(), "a key that the server doesn't use"


@pytest.mark.parametrize("audience", [b"\xff", b"a\nb", b"a" * 257])
def test_an_audience_that_no_token_can_name_is_refused(tmp_path, audience):
    command = [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--media-port", "0", "--data-dir", tmp_path]
    outcome = subprocess.run([*command, b"--audience", audience], capture_output=True, timeout=60, check=False)
    assert outcome.returncode == 1
    assert b"audience" in outcome.stderr


def test_open_and_keys_exclude_each_other(tmp_path):
    outcome = run("serve", "--open", "--token-key", tmp_path / "a.pem", "--data-dir", tmp_path)
    assert outcome.returncode == 2
    assert "--open" in outcome.stderr and "--token-key" in outcome.stderr


def test_no_process_is_started_with_a_token_in_its_arguments(started, tmp_path):
    demo = Program(PROGRAM, "demo", "--listen", "127.0.0.1:0", "--media-port", 0, "--data-dir", tmp_path, *FOR_OTHERS)
    started.append(demo)
    demo.wait_for_line("success")
    words = pathlib.Path(f"/proc/{demo.pid}/cmdline").read_bytes()
    children = pathlib.Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text(encoding="ascii").split()
    for child in children:
        words += pathlib.Path(f"/proc/{child}/cmdline").read_bytes()
    assert b"eyJ" not in words
