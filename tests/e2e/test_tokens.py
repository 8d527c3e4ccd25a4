"""Tokens that others make, by PyJWT and by jose, and what is refused of them by its name."""

import base64
import hashlib
import hmac
import json
import pathlib
import re
import subprocess
import time

import jwt
import pytest
from program import Server
from spider import request

ROOT = pathlib.Path(__file__).parents[2]
JOSE = ROOT / "tests" / "browser" / "sign_token.mjs"
NOW = int(time.time())
GOOD = {"aud": "rtcpub", "channels": ["car-1"], "rights": ["view", "drive"], "name": "Kim", "exp": NOW + 3600}


def generate(folder, name, *options):
    """A private key and the file of its public one."""
    private, public = folder / f"{name}.pem", folder / f"{name}-public.pem"
    subprocess.run(["openssl", "genpkey", "-out", private, *options], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    return private, public


@pytest.fixture(name="keys", scope="module")
def fixture_keys(tmp_path_factory):
    """Files of keys by the algorithm that they are for; `other` is a key that the server doesn't know."""
    folder = tmp_path_factory.mktemp("keys")
    curve = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    return {
        "RS256": generate(folder, "rsa", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
        "ES256": generate(folder, "ec", *curve),
        "other": generate(folder, "other", *curve),
    }


@pytest.fixture(name="server", scope="module")
def fixture_server(keys, tmp_path_factory):
    data = tmp_path_factory.mktemp("server")
    server = Server(data, "--token-key", keys["RS256"][1], "--token-key", keys["ES256"][1])
    server.key_file = data / "token.key"
    yield server
    server.kill()


@pytest.fixture(name="signing_key")
def fixture_signing_key(server, keys):
    """The file of the key with which tokens of an algorithm are signed."""
    return lambda algorithm: server.key_file if algorithm == "HS256" else keys[algorithm][0]


def pyjwt(algorithm, file, claims):
    return jwt.encode(claims, file.read_text(encoding="ascii").strip(), algorithm=algorithm)


def jose(algorithm, file, claims):
    command = ["node", JOSE, algorithm, file, json.dumps(claims)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def ask(server, token):
    status, _, body = request(server, "/api/access?channel=car-1", headers={"Authorization": f"Bearer {token}"})
    return status, json.loads(body)


def code(server, token):
    """Of the refusal; None when it is let in."""
    return ask(server, token)[1].get("code")


@pytest.mark.parametrize("algorithm", ["HS256", "RS256", "ES256"])
@pytest.mark.parametrize("made", [pyjwt, jose])
def test_a_token_that_others_made_is_let_in(server, signing_key, algorithm, made):
    status, said = ask(server, made(algorithm, signing_key(algorithm), GOOD))
    assert (status, said) == (200, {"rights": ["view", "drive"], "name": "Kim", "until": GOOD["exp"]})


def test_what_the_docs_say_in_python_is_let_in(server, keys, tmp_path, capsys, monkeypatch):
    text = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    program, own_key = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "private.pem").write_bytes(keys["ES256"][0].read_bytes())
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(program, names)  # it is ours
    printed = re.fullmatch(r"https://robots\.example:8267/\?channel=car-1#token=(\S+)\n", capsys.readouterr().out)
    assert ask(server, printed[1])[1]["rights"] == ["view", "drive"]
    exec(own_key.replace("/var/lib/rtcpub/token.key", str(server.key_file)), names)
    assert ask(server, names["token"])[1]["rights"] == ["view", "drive"]


REFUSED = {
    "another audience": (GOOD | {"aud": "shop"}, "wrong-audience"),
    "other audiences": (GOOD | {"aud": ["shop", "bank"]}, "wrong-audience"),
    "no audience": ({name: value for name, value in GOOD.items() if name != "aud"}, "wrong-audience"),
    "an end that has passed": (GOOD | {"exp": NOW - 1}, "expired"),
    "a beginning to come": (GOOD | {"nbf": NOW + 3600}, "not-yet-valid"),
    "a right that there isn't": (GOOD | {"rights": ["view", "fly"]}, "unknown-right"),
    "no rights": (GOOD | {"rights": []}, "bad-claim"),
    "no channels": (GOOD | {"channels": []}, "bad-claim"),
    "channels of another type": (GOOD | {"channels": {"car-1": True}}, "bad-claim"),
    "a right of another type": (GOOD | {"rights": ["view", 7]}, "bad-claim"),
    "another channel": (GOOD | {"channels": "car-2"}, "wrong-channel"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_with_its_claims_has_a_name(server, keys, what):
    claims, name = REFUSED[what]
    assert code(server, pyjwt("ES256", keys["ES256"][0], claims)) == name


def by_hand(header, claims, sign):
    """A token that no library would make."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    signature = sign(b".".join(parts))
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


@pytest.mark.parametrize("claim", [{"exp": "2099-01-01"}, {"exp": str(NOW + 3600)}, {"exp": True}, {"exp": None},
                                   {"nbf": "now"}, {"nbf": []}, {"aud": 7}, {"aud": ["rtcpub", 7]}, {"name": 7}])  # fmt: skip
def test_a_claim_of_another_type_is_refused(server, claim):
    secret = server.key_file.read_bytes().strip()
    token = by_hand({"alg": "HS256"}, GOOD | claim, lambda text: hmac.digest(secret, text, hashlib.sha256))
    assert code(server, token) == "bad-claim"


def test_a_token_that_nobody_signed_is_refused(server):
    for none in ("none", "None", "NONE"):
        assert code(server, by_hand({"alg": none, "typ": "JWT"}, GOOD, lambda _: b"")) == "wrong-algorithm"
    assert code(server, jwt.encode(GOOD, None, algorithm="none")) == "wrong-algorithm"


def test_a_public_key_is_no_secret(server, keys):
    """Whoever has it could sign by HS256, if the token said by which algorithm it is verified."""
    for algorithm in ("RS256", "ES256"):
        public = keys[algorithm][1].read_bytes()
        for secret in (public, public.strip()):
            token = by_hand({"alg": "HS256"}, GOOD, lambda text, key=secret: hmac.digest(key, text, hashlib.sha256))
            assert code(server, token) == "bad-signature"


def test_other_algorithms_and_keys_are_refused(server, keys):
    assert code(server, pyjwt("RS512", keys["RS256"][0], GOOD)) == "wrong-algorithm"
    assert code(server, pyjwt("PS256", keys["RS256"][0], GOOD)) == "wrong-algorithm"
    assert code(server, pyjwt("HS512", server.key_file, GOOD)) == "wrong-algorithm"
    assert code(server, pyjwt("ES256", keys["other"][0], GOOD)) == "bad-signature"


def test_another_audience_is_ones_own_when_one_says_so(start_server, keys):
    server = start_server("--token-key", keys["ES256"][1], "--audience", "robots.example")
    sign = lambda audience: pyjwt("ES256", keys["ES256"][0], GOOD | {"aud": audience})  # noqa: E731
    assert code(server, sign("robots.example")) is None
    assert code(server, sign("rtcpub")) == "wrong-audience"


def test_times_with_fractions_are_times(server, keys):
    assert code(server, pyjwt("ES256", keys["ES256"][0], GOOD | {"exp": NOW + 3600.5, "nbf": NOW - 0.5})) is None


def test_a_key_identifier_does_not_matter(server, keys):
    text = keys["ES256"][0].read_text(encoding="ascii")
    assert code(server, jwt.encode(GOOD, text, algorithm="ES256", headers={"kid": "2026-11"})) is None
