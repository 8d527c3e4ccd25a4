"""Tokens as the program makes them, for tests whose server asks for them."""

import re

from program import run

# A server on loopback that has a name is meant for others, too, so that it asks for tokens.
FOR_OTHERS = ["--name", "robots.test"]


def make_token(data_dir, channel, rights, lifetime="1h", name="Kim"):
    """A token by the server's own key, which is in `data_dir`."""
    outcome = run("token", "--data-dir", data_dir, "--channel", channel, "--rights", rights, "--for", lifetime,
                  "--name", name)  # fmt: skip
    assert outcome.returncode == 0, outcome.stderr
    return re.search(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+", outcome.stdout)[0]


def write_secret(path, text):
    """A file that only its owner can read."""
    path.touch(mode=0o600)
    path.write_text(text)
    return path
