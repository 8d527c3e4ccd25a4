"""--config, RTCPUB_… and `rtcpub config`: which value holds, where it comes from, and what bad input is told."""

import os
import pathlib
import re
import subprocess
import tomllib

import pytest
from program import DEADLINE, PROGRAM, Program, frames

ROOT = pathlib.Path(__file__).parents[2]
SUBCOMMANDS = {"publish", "subscribe", "drive", "serve", "demo", "car", "devices", "doctor", "token"}


def run(*arguments, environment=(), **more):
    """The program with these arguments and, of what begins with RTCPUB_, these variables alone."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("RTCPUB_")}
    return subprocess.run([PROGRAM, *(str(word) for word in arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=DEADLINE, check=False, env=variables | dict(environment), **more)  # fmt: skip


def shown(subcommand, *arguments, environment=()):
    """What `rtcpub config SUBCOMMAND` prints: its text, and the values in it."""
    outcome = run("config", subcommand, *arguments, environment=environment)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stderr == b""
    text = outcome.stdout.decode()
    return text, tomllib.loads(text)[subcommand]


def refused(*arguments, environment=(), **more):
    """What it says of input that it doesn't take."""
    outcome = run(*arguments, environment=environment, **more)
    assert outcome.returncode == 2, outcome
    return outcome.stderr.decode()


@pytest.fixture(name="write")
def fixture_write(tmp_path):
    """Writes a configuration that its owner alone can read."""

    def write(content, mode=0o600):
        file = tmp_path / "rtcpub.toml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        file.chmod(mode)
        return file

    return write


# --- which value holds

KINDS = [
    # subcommand, key, command line, its value, variable, its value, line of the file, its value
    ("serve", "listen", ["--listen", "::1"], "::1", "127.0.0.2", "127.0.0.2", '"127.0.0.3#x"', "127.0.0.3#x"),
    ("serve", "media-port", ["--media-port=1"], 1, "2", 2, "3", 3),
    ("serve", "public-ip", ["--public-ip", "::1"], ["::1"], "::2\n ::3 ", ["::2", "::3"],
     '[ # two\n"::4",\n"::5"]', ["::4", "::5"]),
    ("serve", "name", ["--name", "a,b"], ["a", "b"], "c,d", ["c", "d"], '["e", "f"]', ["e", "f"]),
    ("serve", "no-qr", ["--no-qr"], True, "off", False, "true", True),
    ("publish", "stats", ["--stats=false"], False, "1", True, "false", False),
    ("publish", "max-retry-time", ["--max-retry-time", "0.5"], 0.5, "1e1", 10, "7", 7),
    ("publish", "no-trickle", ["--no-trickle"], True, "no", False, "true", True),
    ("publish", "bitrate", ["--bitrate", "1M"], "1M", "2M", "2M", '"3M"', "3M"),
    ("publish", "video", ["--video", "test:"], ["test:"], "front=csi:0\nrear=csi:1", ["front=csi:0", "rear=csi:1"],
     '["gst:a ! b,c=1"]', ["gst:a ! b,c=1"]),
    ("publish", "data", ["--data", "a", "--data", "b?life=3"], ["a", "b?life=3"], "c", ["c"], '["d"]', ["d"]),
    ("subscribe", "codec", ["--codec", "vp8"], "vp8", "vp9", "vp9", '"h264"', "h264"),
    ("doctor", "seconds", ["--seconds", "1"], 1, "2", 2, "3", 3),
    ("serve", "log", ["--log", "debug"], "debug", "info", "info", '"error"', "error"),
]  # fmt: skip


# Other subcommands mean something else by it.
OWN = {("serve", "name"), ("subscribe", "codec")}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind[0]}-{kind[1]}")
def test_the_command_line_goes_before_the_environment_and_that_before_the_file(kind, write):
    subcommand, key, words, given, variable, set_to, line, written = kind
    name = "RTCPUB_" + key.upper().replace("-", "_")
    own = f"RTCPUB_{subcommand.upper()}_" + key.upper().replace("-", "_")
    file = write(f"[{subcommand}]\n{key} = {line}\n")
    options = ("--config", file)

    text, values = shown(subcommand, *options)
    assert values[key] == written
    assert f"# {file}:2\n" in text
    if (subcommand, key) not in OWN:
        text, values = shown(subcommand, *options, environment={name: variable})
        assert values[key] == set_to
        assert f"# environment {name}\n" in text
    spoilt = {} if key == "name" else {name: "spoilt"}
    text, values = shown(subcommand, *options, environment=spoilt | {own: variable})
    assert values[key] == set_to
    assert f"# environment {own}\n" in text
    text, values = shown(subcommand, *options, *words, environment={own: "spoilt"})
    assert values[key] == given
    assert re.search(rf"^{key} = .*  # command line$", text, re.M)

    if (subcommand, key) in OWN:
        return
    # Above all tables it is for every subcommand that has the key, and the last to be asked.
    above = write(f"{key} = {line}\n")
    assert shown(subcommand, "--config", above)[1][key] == written


def test_a_name_that_is_meant_for_tokens_is_no_servers(write):
    """It would open a server on loopback to all."""
    outcome = run("config", environment={"RTCPUB_NAME": "Kim"})
    assert all("name" not in table for table in tomllib.loads(outcome.stdout.decode()).values())
    assert "did you mean RTCPUB_DEMO_NAME or RTCPUB_SERVE_NAME or RTCPUB_TOKEN_NAME?" in outcome.stderr.decode()
    file = write('name = "Kim"\n')
    assert f"{file}:1: 'name' is another thing for each subcommand" in refused("serve", "--config", file)


def test_doctor_takes_the_place_of_no_publisher_unless_it_is_told_to(write):
    file = write('channel = "car-1"\n')
    assert shown("publish", "--config", file)[1] == {"channel": "car-1"}
    assert shown("doctor", "--config", file, environment={"RTCPUB_CHANNEL": "car-1"})[1] == {}
    assert shown("doctor", environment={"RTCPUB_DOCTOR_CHANNEL": "car-1"})[1] == {"channel": "car-1"}


def test_a_flag_that_is_off_excludes_nothing():
    values = shown("serve", "--open=false", environment={"RTCPUB_TOKEN_KEY": "key.pem"})[1]
    assert values == {"token-key": ["key.pem"], "open": False}
    assert "--open" in refused("serve", "--open", "--token-key", "key.pem")


def test_what_is_default_or_not_set_is_a_comment():
    text, values = shown("serve")
    assert values == {}
    assert '# listen = "127.0.0.1:8267"  # default\n' in text
    assert "# media-port = 8268  # default\n" in text
    assert "# tls-cert: not set\n" in text
    assert "# server: required, and not set\n" in shown("publish")[0]


def test_what_is_shown_can_be_read_back(write):
    given = ["--server", "wss://robots.example", "--channel", "car-1", "--video", 'gst:a name="b\\c" ! d,e=1',
             "--video", "test:?x=\u202e#\u00e9", "--max-retry-time", "1.5", "--lan", "--no-trickle", "--key-interval",
             "+30", "--data", "x"]  # fmt: skip
    text, values = shown("publish", *given, environment={"RTCPUB_STATS": "yes"})
    assert "\u202e" not in text
    assert values["video"] == [given[5], given[7]]
    again, same = shown("publish", "--config", write(text))
    assert same == values
    assert again.replace(" ", "").count("rtcpub.toml:") == len(values)


def test_all_subcommands_are_shown_at_once(write):
    file = write('server = "wss://robots.example"\n[serve]\nlisten = "::1"\n')
    outcome = run("config", "--config", file)
    assert outcome.returncode == 0, outcome
    tables = tomllib.loads(outcome.stdout.decode())
    assert set(tables) == SUBCOMMANDS
    assert tables["serve"] == {"listen": "::1"}
    for subcommand in ("publish", "subscribe", "doctor"):
        assert tables[subcommand] == {"server": "wss://robots.example"}


def test_help_needs_no_file():
    for words in (("help",), ("help", "config"), ("config", "--help"), ("--config", "/nowhere", "serve", "--help")):
        outcome = run(*words)
        assert (outcome.returncode, outcome.stderr) == (0, b"")
    assert b"--config FILE" in run("--help").stdout
    assert b"rtcpub config [SUBCOMMAND" in run("help", "config").stdout
    assert run("config", "serve", "--help").stdout == run("serve", "--help").stdout


# --- and the program runs with it


def test_a_server_and_a_robot_run_by_one_file(started, tmp_path, write):
    file = write(f"""
server = "ws://127.0.0.1:1"
[serve]
listen = "127.0.0.1:0"
media-port = 0
data-dir = "{tmp_path}/data"
no-qr = true
[publish]
channel = "car"
video = ["test:?size=64x64&fps=10"]
data = ["metric"]
stats = true
""")
    server = Program(PROGRAM, "serve", "--config", file)
    started.append(server)
    port = server.wait_for(re.compile(r"listening on TCP port (\d+)").search)[1]
    publisher = Program("env", f"RTCPUB_CONFIG={file}", f"RTCPUB_SERVER=ws://127.0.0.1:{port}", PROGRAM, "publish")
    started.append(publisher)
    publisher.wait_for_line("success")
    publisher.wait_for_stats(lambda stats: frames(stats) > 3)
    assert publisher.stop()[0] == 0
    assert server.stop()[0] == 0


def test_the_file_may_be_a_pipe_and_so_may_a_tokens(tmp_path):
    """What can be read but once is read but once."""
    reading, writing = os.pipe()
    os.write(writing, b'channel = "from-a-pipe"\nserver = "ws://127.0.0.1:1"\n')
    os.close(writing)
    outcome = run("config", "subscribe", "--config", f"/dev/fd/{reading}", pass_fds=[reading])
    os.close(reading)
    assert b'channel = "from-a-pipe"' in outcome.stdout, outcome

    missing = tmp_path / "missing"
    outcome = run("subscribe", "--server", "ws://127.0.0.1:1", "--channel", "c", "--token-file", missing)
    assert outcome.returncode == 2
    assert outcome.stderr.decode().count(str(missing)) == 1


def test_the_examples_of_the_package_are_right():
    example = ROOT / "packaging" / "rtcpub.toml"
    assert shown("serve", "--config", example)[1]["listen"] == "0.0.0.0"
    every = re.sub(r"^# (?=[a-z-]+ = )", "", example.read_text(), flags=re.M)  # with what is commented out, too
    tables = tomllib.loads(every)
    assert {"serve", "publish", "server"} <= set(tables)
    for unit in ("rtcpub.service", "rtcpub-publish.service"):
        assert "--config ${CREDENTIALS_DIRECTORY}/rtcpub.toml" in (ROOT / "packaging" / unit).read_text()


def test_every_key_of_the_example_is_known(write):
    example = (ROOT / "packaging" / "rtcpub.toml").read_text()
    every = write(re.sub(r"^# (?=[a-z-]+ = )", "", example, flags=re.M))
    assert run("config", "serve", "--config", every).returncode == 0


# --- bad input

BAD = {
    "unknown key": ('\n[serve]\nlisen = "x"', ":3: there is no key 'lisen' in [serve]: did you mean 'listen'?"),
    "unknown key above": ("bandwidth = 1", ":1: there is no key 'bandwidth'"),
    "key of another": ('[serve]\nserver = "x"', ":2: there is no key 'server' in [serve]: it belongs to [doctor]"),
    "unknown table": ('[server]\nlisten = "x"', ":2: there is no subcommand 'server'"),
    "table of config": ("[config]\nx = 1", ":2: there is no subcommand 'config'"),
    "help": ("help = true", ":1: there is no key 'help'"),
    "file in file": ('config = "x"', ":1: there is no key 'config'"),
    "text for number": ('[serve]\nmedia-port = "8268"', ":2: 'media-port' takes a whole number, without quotes"),
    "fraction for whole": ("[serve]\nmedia-port = 1.5", ":2: 'media-port' takes a whole number"),
    "number for text": ("[serve]\nlisten = 8267", ":2: 'listen' takes text, in quotes"),
    "text for flag": ('[serve]\nno-qr = "yes"', ":2: 'no-qr' is true or false, without quotes"),
    "list for one": ('[serve]\nlisten = ["a"]', ":2: 'listen' takes one value, not a list"),
    "numbers for texts": ("[serve]\npublic-ip = [1]", ":2: 'public-ip' takes text"),
    "date": ("[serve]\nlisten = 2026-11-30", ":2: 'listen' is a date or a time"),
    "too great": ("[serve]\nmedia-port = 70000", ":2: media-port can't be 70000"),
    "out of range": ("[doctor]\nseconds = 61", ":2: --seconds: Value 61 not in range 1 to 60"),
    "no level": ('log = "loud"', ":1: --log: loud not in"),
    "no bitrate": ('[publish]\nbitrate = "much"', ":2: --bitrate: 'much' is no bitrate"),
    "same key": ("[serve]\nmedia-port = 1\nmedia-port = 2", ":3: "),
    "same table": ("[serve]\nmedia-port = 1\n[serve]", ":3: "),
    "two brackets": ("[[serve]]\nmedia-port = 1", ":1: a table stands once"),
    "no quotes": ("\nlog = info", ":2: "),
    "line end in bracket": ("log = 'info'\n[\nserve]", ":2: this is not TOML"),
    "invalid UTF-8": (b'[serve]\nlisten = "\xff"', ":2: this is not UTF-8"),
    "a zero": (b'\n\0', ":2: "),
    "too deep": ("[" + "a." * 50000 + "a]", ":1: "),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.replace(" ", "-"))
def test_bad_files_are_told_with_their_line(case, write):
    content, said = BAD[case]
    file = write(content)
    subcommand = next((name for name in ("publish", "doctor") if f"[{name}]" in str(content)), "serve")
    for words in ((subcommand, "--config", file), ("config", subcommand, "--config", file)):
        errors = refused(*words)
        assert f"rtcpub: {file}{said}" in errors
        assert len(errors.splitlines()) <= 2


def test_all_that_is_unknown_is_told_at_once(write):
    file = write('a = 1\n[serve]\nb = 1\n[robots]\nc = 1\nd = 1\n')
    errors = refused("serve", "--config", file)
    assert re.findall(r"rtcpub.toml:(\d)", errors) == ["1", "3", "5"]


def test_a_subcommand_that_is_none():
    assert "there is no subcommand 'server'" in refused("config", "server")
    assert "not expected" in refused("config", "serve", "--sever", "x")


def test_files_that_are_none(tmp_path):
    assert "No such file or directory" in refused("serve", "--config", tmp_path / "missing")
    assert "Is a directory" in refused("serve", "--config", tmp_path)
    assert "more than 1 MiB" in refused("serve", "--config", "/dev/zero")
    assert "cannot read the configuration" in refused("serve", "--config", "")
    assert "No such file" in refused("serve", environment={"RTCPUB_CONFIG": str(tmp_path / "missing")})


@pytest.mark.skipif(os.getuid() != 0, reason="it takes another user")
def test_a_file_that_cannot_be_read(tmp_path, write):
    file = write("log = 'info'", mode=0o600)
    for directory in (tmp_path, *tmp_path.parents):
        if directory.stat().st_uid == 0 and str(directory).startswith("/tmp/"):
            directory.chmod(directory.stat().st_mode | 0o055)
    assert f"{file}: Permission denied" in refused("serve", "--config", file, user="nobody")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"RTCPUB_MEDIA_PORT": "many"}, "environment RTCPUB_MEDIA_PORT: media-port can't be many"),
        ({"RTCPUB_SERVE_NO_QR": "maybe"}, "environment RTCPUB_SERVE_NO_QR: 'maybe' is none of 1, true"),
        ({"RTCPUB_LOG": "loud"}, "environment RTCPUB_LOG: --log"),
    ],
)
def test_bad_variables_are_told_with_their_name(variables, said):
    assert said in refused("serve", environment=variables)


def test_variables_that_look_misspelt_are_warned_of():
    said = run("config", "serve", environment={"RTCPUB_LISTN": "x", "RTCPUB_PORT": "tcp://10.0.0.1:8267",
               "RTCPUB_PROGRAM": "x"}).stderr.decode()  # fmt: skip
    (line,) = said.splitlines()
    assert "RTCPUB_LISTN" in line and "did you mean RTCPUB_LISTEN?" in line


def test_an_error_about_several_options_says_where_they_come_from(write):
    file = write('[publish]\ntemporal-layers = 2\nserver = "ws://127.0.0.1:1"\nchannel = "c"\nvideo = ["test:"]\n')
    errors = refused("publish", "--config", file)
    assert f"--temporal-layers is set by: {file}:2" in errors


# --- secrets

SECRETS = {
    "token": '[publish]\ntoken = "hidden"\n',
    "turn": '[publish]\nice = ["stun:a.example", "turn:robot:hidden@turn.example"]\n',
    "camera": '[publish]\nvideo = ["front=rtsp://user:hidden@10.0.0.9/stream"]\n',
    "scheme": '[publish]\nice = ["TURN:robot:hidden@turn.example"]\n',
    "slash": '[publish]\nvideo = ["rtsp://user:12/hidden@10.0.0.9"]\n',
}


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_never_shown(secret, write):
    file = write(SECRETS[secret])
    text, values = shown("publish", "--config", file)
    assert values == {}
    assert "hidden" not in text
    assert f": a secret, not shown  # {file}:2\n" in text


@pytest.mark.parametrize("mode", [0o666, 0o602])
def test_a_file_that_everybody_can_change_is_refused(mode, write):
    file = write("[serve]\nopen = true\n", mode)
    assert f"{file}: everybody on this machine can change it: chmod o-w {file}" in refused("config", "serve", "--config", file)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("mode", [0o644, 0o604, 0o640])
def test_secrets_are_refused_in_a_file_that_others_can_read(secret, mode, write):
    if mode == 0o640 and os.getuid() == 0:
        pytest.skip("a group of root's is made for this")
    file = write(SECRETS[secret], mode)
    errors = refused("config", "publish", "--config", file)
    assert f"{file}:2: " in errors and f"chmod 600 {file}" in errors
    assert "hidden" not in errors


def test_without_secrets_others_may_read_the_file(write):
    assert shown("serve", "--config", write('[serve]\nlisten = "::1"\n', 0o644))[1] == {"listen": "::1"}


def test_a_token_stands_on_no_command_line(write):
    errors = refused("subscribe", "--server", "ws://127.0.0.1:1", "--channel", "c", "--token", "hidden")
    assert "--token is a secret" in errors and "RTCPUB_TOKEN" in errors
    assert "hidden" not in errors


def test_a_token_of_a_higher_level_silences_a_lower_ones(write):
    file = write('[subscribe]\ntoken-file = "/nowhere"\n')
    text, values = shown("subscribe", "--config", file, environment={"RTCPUB_TOKEN": "hidden"})
    assert values == {}
    assert "# token: a secret, not shown  # environment RTCPUB_TOKEN\n" in text


# --- a flag behind which something may stand


def test_control_is_a_flag_wherever_it_is_given(write):
    assert shown("publish", environment={"RTCPUB_CONTROL": "1"})[1]["control"] is True
    assert shown("publish", environment={"RTCPUB_CONTROL": "no"})[1]["control"] is False
    assert shown("publish", "--config", write("[publish]\ncontrol = true\n"))[1]["control"] is True
    assert shown("publish", "--control", "stream")[1]["control"] is True
    assert "true or false" in refused("publish", "--config", write('[publish]\ncontrol = "stream"\n'))
    assert "is none of 1, true" in refused("publish", environment={"RTCPUB_CONTROL": "a b"})


# --- the page of all keys


def test_the_page_of_all_keys_is_what_the_program_prints():
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    begin = page.index("tests/e2e/test_config.py compares. -->\n") + len("tests/e2e/test_config.py compares. -->\n")
    printed = run("config", "--markdown").stdout.decode()
    assert page[begin:] == printed, "docs/configuration.md is stale: see `rtcpub config --markdown`"
    assert max(map(len, page.splitlines())) <= 120


def test_every_option_of_every_subcommand_is_a_key():
    printed = run("config", "--markdown").stdout.decode()
    for subcommand in SUBCOMMANDS:
        options = set(re.findall(r"^  (?:-\w,)?--([a-z-]+)", run(subcommand, "--help").stdout.decode(), re.M))
        keys = {key for titles, keys in re.findall(r"^### (.*)\n\n((?:[- ].+\n)*)", printed, re.M)
                if subcommand in titles.split(", ") for key in re.findall(r"^- `([a-z-]+)`", keys, re.M)}  # fmt: skip
        assert options - {"help"} <= keys
        assert keys - options <= {"log", "token"}
