"""Clients of a server that asks for tokens: how they bring one, and what they say when it isn't good."""

import json
import os
import pathlib
import re
import subprocess

import pytest
from access import FOR_OTHERS, make_token, write_secret
from foreign_server import ForeignServer
from old_peer import OldPeer, drive
from program import DEADLINE, PROGRAM, Program, Server, frames, run
from test_aiortc import timed, wait
from websockets.exceptions import InvalidStatusCode

PICTURE = ["--video", "test:?size=640x480&fps=15&stamp"]


@pytest.fixture(name="data_dir", scope="module")
def fixture_data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("server")


@pytest.fixture(name="server", scope="module")
def fixture_server(data_dir):
    server = Server(data_dir, *FOR_OTHERS, "--log", "debug")
    yield server
    try:
        assert server.running(), f"the server has died: {server.describe()}"
        assert not [line for line in server.err.all() + server.out.all() if "eyJ" in line]
    finally:
        server.kill()


@pytest.fixture(name="token_file")
def fixture_token_file(data_dir, tmp_path):
    """Makes a file with a token in it."""

    def make(channel, rights, **more):
        return write_secret(tmp_path / f"{rights}.token", make_token(data_dir, channel, rights, **more) + "\n")

    return make


def refusal(*arguments, env=None):
    """What a client says that ends by itself, without trying again."""
    outcome = subprocess.run(
        [PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE,
        check=False, env=os.environ | (env or {})
    )  # fmt: skip
    assert outcome.returncode == 1, outcome
    assert "eyJ" not in outcome.stdout + outcome.stderr
    (line,) = [line for line in outcome.stderr.splitlines() if not line.startswith("[OpenH264]")]
    return line


def test_robot_and_viewer_meet_with_tokens_of_their_own(server, channel, start, token_file):
    where = ["--server", server.ws, "--channel", channel]
    robot = start("publish", *where, "--token-file", token_file(channel, "publish"), *PICTURE, "--data", "stream",
                  "--print-data")  # fmt: skip
    robot.wait_for_line("success")
    viewer = start("subscribe", *where, "--token-file", token_file(channel, "drive"), "--stats", "--data", "stream")
    viewer.wait_for_stats(lambda stats: frames(stats) >= 10)
    viewer.write("stream\tforward")
    robot.wait_for_line("stream\tforward")


def test_a_viewer_without_the_right_to_drive_reaches_only_what_the_robot_opens(server, channel, start, token_file):
    where = ["--server", server.ws, "--channel", channel]
    data = ["--data", "stream", "--data", "chat?viewers"]
    robot = start("publish", *where, "--token-file", token_file(channel, "publish"), *data, "--print-data")
    robot.wait_for_line("success")
    viewer = start("subscribe", *where, "--token-file", token_file(channel, "view"), *data, "--stats")
    viewer.wait_for_stats(lambda stats: stats["state"] == "connected")
    viewer.write("stream\tforward")
    viewer.write("chat\thello")
    robot.wait_for_line("chat\thello")
    viewer.wait_for_error("no-right")
    assert "stream\tforward" not in robot.out.all()


@pytest.mark.parametrize("command", ["publish", "subscribe"])
def test_a_token_may_come_by_the_environment(server, channel, command, data_dir, started):
    token = make_token(data_dir, channel, "publish,view")
    more = ["--data", "metric", "--stats"]
    environment = ["env", f"RTCPUB_TOKEN={token}"]
    started.append(Program(*environment, PROGRAM, command, "--server", server.ws, "--channel", channel, *more))
    client = started[-1]
    client.wait_for_stats(lambda stats: stats["state"] == "connected")
    # What others on this machine see of it.
    words = pathlib.Path(f"/proc/{client.pid}/cmdline").read_bytes()
    assert token.encode() not in words


@pytest.mark.parametrize(("command", "right"), [("publish", "publish"), ("subscribe", "view")])
def test_a_missing_token_is_told_with_what_helps(server, channel, command, right):
    line = refusal(command, "--server", server.ws, "--channel", channel, "--data", "metric")
    assert server.ws in line
    assert f"a token with the right to {right}" in line
    assert "--token-file" in line and "rtcpub token" in line


def test_a_token_without_the_right_or_for_another_channel_is_final(server, channel, token_file):
    where = ["--server", server.ws, "--data", "metric"]
    line = refusal("publish", *where, "--channel", channel, "--token-file", token_file(channel, "view"))
    assert "the right to publish" in line
    line = refusal("subscribe", *where, "--channel", "other", "--token-file", token_file(channel, "view"))
    assert "channel" in line


def test_a_token_of_another_server_or_none_at_all_is_final(server, channel, tmp_path, start_server):
    start_server(*FOR_OTHERS, data_dir=tmp_path / "other")
    foreign = write_secret(tmp_path / "foreign", make_token(tmp_path / "other", channel, "view"))
    nonsense = write_secret(tmp_path / "nonsense", "no.token.this")
    for file in (foreign, nonsense):
        line = refusal("subscribe", "--server", server.ws, "--channel", channel, "--token-file", file)
        assert "refused" in line and "token" in line


def test_a_token_that_ends_ends_the_client(server, channel, start, token_file):
    token = token_file(channel, "publish", lifetime="10s")
    where = ["--server", server.ws, "--channel", channel, "--data", "metric", "--token-file", token]
    robot = start("publish", *where)
    robot.wait_for_line("success")
    assert robot.wait_for_exit() == 1
    (line,) = robot.complaints()
    assert server.ws in line and channel in line and "expired" in line
    # And who comes with it later isn't let in.
    assert "expired" in refusal("publish", *where)


def test_a_file_that_others_can_read_is_refused(server, channel, tmp_path):
    file = tmp_path / "token"
    file.write_text("eyJ.abc.def")
    file.chmod(0o644)
    for option in ("--token-file", "--ice-file", "--video-file"):
        outcome = run("publish", "--server", server.ws, "--channel", channel, "--data", "a", option, file)
        assert outcome.returncode == 2
        assert f"chmod 600 {file}" in outcome.stderr and "eyJ" not in outcome.stderr


def test_a_token_is_not_sent_in_the_clear(tmp_path):
    file = write_secret(tmp_path / "token", "eyJ.abc.def")
    outcome = run("subscribe", "--server", "ws://192.0.2.1", "--channel", "a", "--token-file", file)
    assert outcome.returncode == 1
    assert "wss://" in outcome.stderr and "eyJ" not in outcome.stderr


def test_passwords_of_turn_servers_and_cameras_need_no_command_line(server, channel, start, token_file, tmp_path):
    relays = write_secret(tmp_path / "ice", "# at home\nturn:user:secret@127.0.0.1:9\n")
    videos = write_secret(tmp_path / "video", "front=test:?size=640x480&fps=15\nrear=test:?size=320x240&fps=15\n")
    where = ["--server", server.ws, "--channel", channel]
    robot = start("publish", *where, "--token-file", token_file(channel, "publish"), "--ice-file", relays,
                  "--video-file", videos, "--stats")  # fmt: skip
    stats = robot.wait_for_stats(lambda stats: stats["state"] == "connected" and "cameras" in stats)
    assert list(stats["cameras"]) == ["front", "rear"]
    words = pathlib.Path(f"/proc/{robot.pid}/cmdline").read_bytes()
    assert b"secret" not in words
    assert not [line for line in robot.err.all() + robot.out.all() if "secret" in line]


def test_an_old_server_does_not_mind_a_token(start, tmp_path):
    token = write_secret(tmp_path / "token", "eyJ.abc.def")
    with ForeignServer() as foreign:
        robot = start("publish", "--server", foreign.url, "--channel", "car", "--data", "chat?viewers", *PICTURE,
                      "--token-file", token)  # fmt: skip
        robot.wait_for_line("success")
        robot.stop()


# --- the old program, whose WebSockets can bring nothing but a URL


@timed
async def test_an_aiortc_robot_and_viewer_come_in_by_their_urls(server, channel, data_dir):
    robots, viewers = (make_token(data_dir, channel, rights) for rights in ("publish", "drive"))
    async with OldPeer(server, "pub", channel, "VP8", token=robots) as robot:
        async with OldPeer(server, "sub", channel, "VP8", token=viewers) as viewer:
            numbers = [await viewer.next_frame_number() for _ in range(10)]
            assert numbers == sorted(set(numbers))
            await drive(robot, viewer.say, "forward", 5)


@timed
async def test_an_aiortc_viewer_without_a_token_or_the_right_is_refused(server, channel, data_dir):
    for token, status in ((None, 401), (make_token(data_dir, channel, "publish"), 403)):
        viewer = OldPeer(server, "sub", channel, "VP8", token=token)
        with pytest.raises(InvalidStatusCode) as refused:
            await viewer.__aenter__()
        await viewer.__aexit__()
        assert refused.value.status_code == status


@timed
async def test_an_aiortc_viewer_is_told_that_its_token_has_ended(server, channel, data_dir):
    token = make_token(data_dir, channel, "view", lifetime="15s")
    async with OldPeer(server, "sub", channel, "VP8", token=token) as viewer:
        assert (await viewer.last_word())["code"] == "expired"


# --- rtcpub doctor


def doctor(server, *options):
    """The exit code, and the checks by name."""
    outcome = run("doctor", "--server", server, "--seconds", "1", "--json", *options)
    assert "eyJ" not in outcome.stdout + outcome.stderr
    report = json.loads(outcome.stdout)
    return outcome.returncode, {check["name"]: check for check in report["checks"]}


def test_doctor_says_that_all_is_well_with_a_token(server, channel, token_file):
    code, checks = doctor(server.wss, "--ca", server.certificate, "--channel", channel, "--token-file",
                          token_file(channel, "publish"))  # fmt: skip
    assert code == 0, checks
    assert checks["token"]["result"] == "ok"
    assert re.search(r"publish, as Kim, for (59|60) min more$", checks["token"]["found"])
    assert checks["media"]["result"] == checks["websocket"]["result"] == "ok"


def test_doctor_says_what_is_wrong_with_a_token(server, channel, token_file):
    where = [server.ws, "--channel", channel]
    code, checks = doctor(*where)
    assert (code, checks["token"]["result"]) == (1, "failed")
    assert "--token-file" in checks["token"]["advice"]
    assert checks["websocket"]["result"] == checks["media"]["result"] == "unknown"
    code, checks = doctor(*where, "--token-file", token_file(channel, "view"))
    assert (code, checks["token"]["found"]) == (1, "it lets view, as Kim, but not publish")
    code, checks = doctor(*where, "--token-file", token_file("other", "publish"))
    assert code == 1 and "Name a channel" in checks["token"]["advice"]


def test_doctor_shows_no_token_to_a_server_that_is_not_trusted(server, channel, token_file):
    code, checks = doctor(server.wss, "--channel", channel, "--token-file", token_file(channel, "publish"))
    assert code == 1
    assert checks["tls"]["result"] == "failed"
    assert checks["token"]["result"] == "unknown" and "isn't trusted" in checks["token"]["advice"]
