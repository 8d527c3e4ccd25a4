"""Prometheus's text format, and a Prometheus server."""

import contextlib
import json
import re
import subprocess
import urllib.parse
import urllib.request

from program import Program, eventually
from spider import request

SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?')
# What Prometheus makes of a histogram's name.
SUFFIXES = ("_bucket", "_sum", "_count")


class Page:
    """What one scrape brought."""

    def __init__(self, text):
        self.text = text
        self.helps = {}
        self.types = {}
        self.samples = []
        for line in text.splitlines():
            if line.startswith("# HELP "):
                name, _, words = line[len("# HELP "):].partition(" ")
                self.helps[name] = words
            elif line.startswith("# TYPE "):
                name, _, kind = line[len("# TYPE "):].partition(" ")
                self.types[name] = kind
            elif line:
                name, labels, value = SAMPLE.fullmatch(line).groups()
                self.samples.append((name, dict(LABEL.findall(labels or "")), float(value)))

    def value(self, name, **labels):
        """The one figure with all these labels; None when there is none."""
        found = [value for other, has, value in self.samples if other == name and labels.items() <= has.items()]
        assert len(found) <= 1, f"{name} {labels} is told {len(found)} times"
        return found[0] if found else None

    def total(self, name, **labels):
        return sum(value for other, has, value in self.samples if other == name and labels.items() <= has.items())

    def labels_of(self, name):
        """The labels that any figure of the family has, without a histogram's own."""
        names = {name} | {name + suffix for suffix in SUFFIXES if self.types.get(name) == "histogram"}
        return {label for other, has, _ in self.samples if other in names for label in has} - {"le"}

    def counters(self):
        """All figures that must never fall."""
        return {
            (name, *sorted(labels.items())): value
            for name, labels, value in self.samples
            if name.endswith(("_total", *SUFFIXES))
        }


def scrape(server):
    status, headers, body = request(server, "/metrics")
    assert status == 200, body
    assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return Page(body.decode())


def wait_for_page(server, wanted):
    """The first page for which `wanted(page)` is truthy."""

    def look():
        page = scrape(server)
        return page if wanted(page) else None

    return eventually(look)


def promtool(*arguments, text=None):
    """Exit code and output of Prometheus's own checker."""
    done = subprocess.run(["promtool", *map(str, arguments)], input=text, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


class Prometheus(Program):
    """A Prometheus server that scrapes what `job` says each second; in a directory of its own."""

    def __init__(self, directory, job):
        directory.mkdir()
        config = directory / "prometheus.yml"
        # JSON is YAML, too.
        config.write_text(json.dumps({"global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
                                      "scrape_configs": [{"job_name": "rtcpub", **job}]}))
        super().__init__("prometheus", f"--config.file={config}", f"--storage.tsdb.path={directory / 'data'}",
                         "--web.listen-address=127.0.0.1:0", "--log.level=info")  # fmt: skip
        said = self.wait_for_error('msg="Listening on"')
        self.url = "http://" + re.search(r"address=(\S+)", said)[1]
        self.wait_for_error("Server is ready to receive web requests")  # 503 before

    def ask(self, path, **parameters):
        with contextlib.closing(urllib.request.urlopen(f"{self.url}{path}?{urllib.parse.urlencode(parameters)}")) as got:
            return json.load(got)["data"]

    def query(self, expression):
        """(labels, value) of each series."""
        result = self.ask("/api/v1/query", query=expression)["result"]
        return [(series["metric"], float(series["value"][1])) for series in result]

    def target(self):
        """Its one target, once that has been scraped."""

        def scraped():
            targets = self.ask("/api/v1/targets")["activeTargets"]
            return targets[0] if targets and targets[0]["health"] != "unknown" else None

        return eventually(scraped)
