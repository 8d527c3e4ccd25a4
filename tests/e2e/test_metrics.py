"""/metrics: what it tells is what happened, by Prometheus's own tools and in its own words."""

import asyncio
import itertools
import json
import pathlib
import re
import urllib.parse

import pytest
from access import FOR_OTHERS, make_token, write_secret
from exposition import Prometheus, promtool, scrape, wait_for_page
from program import eventually, frames
from spider import converse, message, request

ROOT = pathlib.Path(__file__).parent.parent.parent
TINY = ("--video", "test:?size=320x240&fps=15")
PAGE = ROOT / "docs" / "metrics.md"
DASHBOARD = ROOT / "packaging" / "grafana" / "rtcpub.json"
RULES = ROOT / "packaging" / "prometheus" / "rtcpub.rules.yml"
NAME = re.compile(r"\b(?:rtcpub|process)_[a-z_]+\b")


# --- What happened is what is told


def test_a_robot_and_its_viewers_are_counted(server, publish, subscribe, channel):
    before = scrape(server)
    publish(*TINY)
    viewers = [subscribe("--stats"), subscribe("--stats")]
    for viewer in viewers:
        viewer.wait_for_frames(30)

    def told(page):
        return (page.value("rtcpub_channel_members", channel=channel, kind="driver") == 2
                and page.value("rtcpub_channel_publisher_rtt_seconds", channel=channel))  # fmt: skip

    page = wait_for_page(server, told)
    assert page.value("rtcpub_channel_members", channel=channel, kind="publisher") == 1
    assert page.value("rtcpub_channel_members", channel=channel, kind="waiting") == 0
    assert page.value("rtcpub_channel_publisher_connected", channel=channel) == 1
    assert 0 < page.value("rtcpub_channel_publisher_rtt_seconds", channel=channel) < 1
    received = page.value("rtcpub_channel_received_packets_total", channel=channel)
    sent = page.value("rtcpub_channel_sent_packets_total", channel=channel)
    assert received > 30
    assert sent > 1.5 * received
    assert page.value("rtcpub_channel_received_bytes_total", channel=channel) > 100 * received
    repaired = page.total("rtcpub_channel_repaired_packets_total", channel=channel)
    assert repaired <= page.value("rtcpub_channel_lost_packets_total", channel=channel), "a probe repairs nothing"
    assert page.value("rtcpub_channel_key_frames_total", channel=channel) >= 1
    assert page.value("rtcpub_channel_key_frame_requests_total", channel=channel) >= 1
    # In all they are as many more as this channel has.
    for name in ("received_packets", "sent_packets", "key_frames"):
        grown = page.value(f"rtcpub_{name}_total") - before.value(f"rtcpub_{name}_total")
        assert grown == page.value(f"rtcpub_channel_{name}_total", channel=channel)


def test_members_that_leave_are_counted_no_more_and_what_they_got_still_is(server, publish, subscribe, channel):
    publish(*TINY)
    viewer = subscribe("--stats")
    viewer.wait_for_frames(15)
    wait_for_page(server, lambda page: page.value("rtcpub_channel_sent_packets_total", channel=channel))
    viewer.stop()
    page = wait_for_page(server, lambda p: p.value("rtcpub_channel_members", channel=channel, kind="driver") == 0)
    sent = page.value("rtcpub_channel_sent_packets_total", channel=channel)
    assert sent > 0
    assert page.value("rtcpub_channel_members", channel=channel, kind="publisher") == 1


def test_no_counter_falls_when_a_channel_ends_and_begins_anew(server, publish, subscribe, channel):
    last = {}
    for _ in range(2):
        robot = publish(*TINY)
        viewer = subscribe("--stats")
        viewer.wait_for_frames(15)
        page = wait_for_page(server, lambda p: p.value("rtcpub_channel_publisher_connected", channel=channel) == 1)
        assert falls(last, page.counters()) == {}
        for program in (viewer, robot):
            program.stop()
        page = wait_for_page(server, lambda p: p.total("rtcpub_channel_members", channel=channel) == 0)
        assert falls(last, page.counters()) == {}
        last = page.counters()
    assert page.value("rtcpub_channel_key_frames_total", channel=channel) >= 2
    assert page.value("rtcpub_channel_publisher_connected", channel=channel) == 0


def falls(before, after):
    """The counters that are less than before, or gone."""
    return {key: (value, after.get(key)) for key, value in before.items() if after.get(key, -1) < value}


def test_messages_are_counted_one_for_each_who_gets_them(server, start, channel):
    common = ("--server", server.ws, "--channel", channel, "--data", "metric", "--stats", "--print-data")
    robot = start("publish", *common)
    viewers = [start("subscribe", "--video", "none", *common) for _ in range(2)]
    for program in (robot, *viewers):
        program.wait_for_stats(lambda stats: stats["state"] == "connected")
    written = itertools.count(1)
    last = 0

    def heard_by_both():
        nonlocal last
        last = next(written)
        robot.write("metric\tready")
        return all("metric\tready" in viewer.out.all() for viewer in viewers)

    eventually(heard_by_both)

    def after(count):
        return wait_for_page(
            server, lambda page: page.value("rtcpub_channel_received_messages_total", channel=channel) == count
        )

    before = after(last)
    for number in range(10):
        robot.write(f"metric\tnumber {number:03}")
    for viewer in viewers:
        viewer.wait_for_line("metric\tnumber 009")
    page = after(last + 10)

    def grown(name):
        name = f"rtcpub_channel_{name}_total"
        return page.value(name, channel=channel) - before.value(name, channel=channel)

    assert grown("received_message_bytes") == 10 * len("number 000")
    assert grown("sent_messages") == 20
    assert grown("sent_message_bytes") == 20 * len("number 000")


def test_the_paths_to_viewers_are_told(server, publish, subscribe, channel):
    publish(*TINY)
    subscribe("--stats").wait_for_frames(30)
    figures = [(f"rtcpub_channel_viewer_{name}", viewer) for name in ("estimate_bytes_per_second", "rtt_seconds")
               for viewer in ("median", "worst")]  # fmt: skip
    page = wait_for_page(
        server, lambda p: all(p.value(name, channel=channel, viewer=viewer) for name, viewer in figures)
    )
    for name in {name for name, _ in figures}:
        of_one = {page.value(name, channel=channel, viewer=viewer) for viewer in ("median", "worst")}
        assert len(of_one) == 1, "a single viewer is the middle one and the worst"
    assert page.value("rtcpub_channel_viewer_estimate_bytes_per_second", channel=channel, viewer="worst") > 1000
    assert page.value("rtcpub_channel_viewer_rtt_seconds", channel=channel, viewer="worst") < 1


def test_offers_that_are_refused_are_counted_by_their_code(server, channel):
    def refused(page):
        return page.value("rtcpub_refused_offers_total", code="bad-offer") or 0

    before = refused(scrape(server))
    asyncio.run(converse(server, "sub", channel, [message("offer", "no SDP at all")]))
    assert refused(wait_for_page(server, lambda page: refused(page) > before)) == before + 1


def test_each_code_that_is_documented_is_told_from_the_start(server):
    page = scrape(server)
    section = (ROOT / "docs" / "access.md").read_text().split("## What a refusal says")[1]
    codes = {code for row in re.findall(r"^\| \d+ \| (.*?) \|", section, re.MULTILINE)
             for code in re.findall(r"`([a-z-]+)`", row)}  # fmt: skip
    assert len(codes) > 10
    for code in codes:
        assert page.value("rtcpub_refusals_total", code=code) is not None, code


def test_members_that_are_sent_away_are_counted_by_their_code(server, publish, channel):
    before = scrape(server).value("rtcpub_evictions_total", code="replaced") or 0
    first = publish(*TINY)
    publish(*TINY)
    assert first.wait_for_exit() == 1
    wait_for_page(server, lambda page: page.value("rtcpub_evictions_total", code="replaced") == before + 1)


def test_requests_and_connections_are_counted(start_server):
    server = start_server()
    for _ in range(3):
        assert request(server, "/no-such-page")[0] == 404
    page = scrape(server)
    assert page.value("rtcpub_http_responses_total", status="404") == 3
    assert page.value("rtcpub_accepted_connections_total") == 4  # the scrape's own is one
    assert page.value("rtcpub_connections", phase="asking") == 1
    assert page.total("rtcpub_connections") >= 1


def test_the_process_and_its_loops_tell_of_themselves(start_server):
    server = start_server()
    page = wait_for_page(server, lambda p: p.value("rtcpub_loop_lag_seconds_count", loop="media") > 20)
    assert page.value("rtcpub_loop_lag_seconds_count", loop="signalling") > 0
    assert page.value("rtcpub_loop_lag_seconds_bucket", loop="media", le="+Inf") == page.value(
        "rtcpub_loop_lag_seconds_count", loop="media"
    )
    assert page.value("process_resident_memory_bytes") == pytest.approx(server.resident_bytes(), rel=0.2)
    assert 0 <= page.value("process_cpu_seconds_total") < 60
    assert page.value("process_threads") >= 2
    assert page.value("process_open_fds") < page.value("process_max_fds")
    assert page.value("rtcpub_media_busy_ratio") <= 1
    assert page.value("rtcpub_overloaded") == 0
    assert page.total("rtcpub_build_info") == 1
    assert page.value("rtcpub_certificate_expiry_timestamp_seconds") > page.value("process_start_time_seconds")


# --- Prometheus's tools take it, and so do the page, the dashboard and the rules beside it


def test_promtool_finds_nothing_to_say(server, publish, subscribe, channel):
    publish(*TINY)
    subscribe("--stats").wait_for_frames(15)
    page = wait_for_page(server, lambda p: p.value("rtcpub_channel_publisher_rtt_seconds", channel=channel))
    assert promtool("check", "metrics", text=page.text) == (0, "")


def documented():
    """Each figure of docs/metrics.md: its type and its labels. What is there by channel, too, is there twice."""
    row = re.compile(r"^\| `([a-z_]+)` \| (counter|gauge|histogram) \| (.*?) ?\|", re.MULTILINE)
    figures = {}
    for section in PAGE.read_text().split("\n## "):
        for name, kind, words in row.findall(section):
            labels = set(re.findall(r"`([a-z]+)`", words))
            figures[name] = (kind, labels)
            if section.startswith("In all, and by channel"):
                figures[name.replace("rtcpub_", "rtcpub_channel_")] = (kind, labels | {"channel"})
    return figures


def test_each_figure_is_documented_with_its_type_and_labels(server, publish, subscribe, channel):
    publish(*TINY)
    subscribe("--stats").wait_for_frames(15)
    page = wait_for_page(server, lambda p: p.value("rtcpub_channel_publisher_rtt_seconds", channel=channel))
    figures = documented()
    assert sorted(page.types) == sorted(figures)
    for name, (kind, labels) in figures.items():
        assert page.types[name] == kind, name
        assert page.labels_of(name) <= labels, name
        assert page.helps[name], name


def test_the_dashboard_and_the_rules_ask_for_figures_that_exist(server):
    page = scrape(server)
    known = set(page.types)
    known |= {name + suffix for name, kind in page.types.items() if kind == "histogram"
              for suffix in ("_bucket", "_sum", "_count")}  # fmt: skip
    assert set(NAME.findall(RULES.read_text())) - {"rtcpub_"} <= known
    dashboard = json.loads(DASHBOARD.read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    queries += [variable["query"]["query"] for variable in dashboard["templating"]["list"]
                if variable["type"] == "query"]  # fmt: skip
    asked = {name for query in queries for name in NAME.findall(query)}
    assert len(asked) > 30
    assert asked <= known


def test_the_dashboard_can_be_imported():
    dashboard = json.loads(DASHBOARD.read_text())
    assert dashboard["schemaVersion"] >= 36
    assert [entry["pluginId"] for entry in dashboard["__inputs"]] == ["prometheus"]
    names = [variable["name"] for variable in dashboard["templating"]["list"]]
    assert names == ["datasource", "job", "instance", "channel"]
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    for panel in dashboard["panels"]:
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
        assert panel["type"] == "row" or panel["datasource"]["uid"] == "${datasource}"


def test_the_rules_and_the_example_configuration_are_ones_that_prometheus_takes(tmp_path):
    code, said = promtool("check", "rules", RULES)
    assert code == 0, said
    examples = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert examples
    for number, example in enumerate(examples):
        config = tmp_path / f"{number}.yml"
        # The files that it names are its reader's.
        config.write_text(example.replace("/etc/prometheus/", f"{tmp_path}/"))
        for name in re.findall(rf"{tmp_path}/(\S+)", config.read_text()):
            (tmp_path / name).write_text(RULES.read_text() if name.endswith("rules.yml") else "x")
        code, said = promtool("check", "config", "--syntax-only", config)
        assert code == 0, said


def test_the_alert_on_a_silent_robot_is_not_on_one_that_was_switched_off(tmp_path):
    """A robot that said good-bye is no member any more; one whose network is away stays one for two minutes."""

    def series(name, channel, values, **labels):
        labels = {"job": "j", "instance": "i", "channel": channel, **labels}
        text = ",".join(f'{label}="{value}"' for label, value in labels.items())
        return {"series": f"rtcpub_channel_{name}{{{text}}}", "values": values}

    expected = {"exp_labels": {"job": "j", "instance": "i", "channel": "away", "severity": "warning"},
                "exp_annotations": {"summary": "nothing comes from away any more",
                                    "description": "It published within the last hour. Its network, or its program, "
                                                   "is away: rtcpub doctor, on the robot."}}  # fmt: skip
    told = [series("publisher_connected", channel, "1x3 0x20") for channel in ("away", "off")]
    told += [series("members", "away", "1x23", kind="publisher"), series("members", "off", "1x3 0x20", kind="publisher")]
    case = {"interval": "5s", "input_series": told,
            "alert_rule_test": [{"eval_time": "60s", "alertname": "RtcpubRobotSilent",
                                 "exp_alerts": [expected]}]}  # fmt: skip
    file = tmp_path / "silent.yml"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "5s", "tests": [case]}))
    code, said = promtool("test", "rules", file)
    assert code == 0, said


def test_a_prometheus_server_scrapes_it_and_answers_the_dashboards_queries(server, started, tmp_path, publish,
                                                                           subscribe, channel):  # fmt: skip
    publish(*TINY)
    subscribe("--stats").wait_for_frames(15)
    prometheus = Prometheus(tmp_path / "prometheus", {"static_configs": [{"targets": [f"127.0.0.1:{server.port}"]}]})
    started.append(prometheus)
    assert prometheus.target()["health"] == "up", prometheus.target()["lastError"]
    eventually(lambda: prometheus.query(f'rtcpub_channel_members{{channel="{channel}",kind="publisher"}} == 1'))
    eventually(lambda: prometheus.query(f'rate(rtcpub_channel_sent_bytes_total{{channel="{channel}"}}[5s]) > 0'))
    variables = {"$job": ".*", "$instance": ".*", "$channel": ".*", "[$__rate_interval]": "[5s]"}
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"]
            for name, value in variables.items():
                query = query.replace(name, value)
            prometheus.query(query)  # fails if it can't be read


# --- Who may read it


ELSEWHERE = {"X-Forwarded-For": "203.0.113.7"}


def asked(server, headers):
    """Status and code of the answer; the code is None when it is the page."""
    status, _, body = request(server, "/metrics", headers=headers)
    return status, None if status == 200 else json.loads(body)["code"]


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_it_is_for_this_machine_and_for_who_may_administrate_all_channels(start_server, tmp_path):
    server = start_server(*FOR_OTHERS)
    tokens = {rights: make_token(tmp_path / "data", "*", rights) for rights in ("view,drive", "admin")}
    of_one = make_token(tmp_path / "data", "car-1", "admin")
    assert asked(server, {}) == (200, None)
    assert asked(server, ELSEWHERE) == (401, "no-token")
    assert asked(server, ELSEWHERE | bearer("a.b.c")) == (401, "bad-token")
    assert asked(server, ELSEWHERE | bearer(tokens["view,drive"])) == (403, "no-right")
    assert asked(server, ELSEWHERE | bearer(of_one))[0] == 403
    assert asked(server, ELSEWHERE | bearer(tokens["admin"])) == (200, None)
    page = scrape(server)
    assert page.value("rtcpub_refusals_total", code="no-token") == 1
    assert page.value("rtcpub_refusals_total", code="expired") == 0
    assert page.value("rtcpub_refusals_total", code="bad-token") == 1
    assert page.total("rtcpub_refusals_total") == 4
    for token in (*tokens.values(), of_one):
        assert token not in page.text


def test_a_proxy_on_this_machine_that_the_server_was_not_told_of_is_none_of_this_machine(start_server):
    server = start_server(*FOR_OTHERS)
    marks = (ELSEWHERE, {"Forwarded": "for=203.0.113.7"}, {"Via": "1.1 proxy"}, {"X-Real-IP": "203.0.113.7"},
             {"X-Forwarded-Proto": "https"}, {"Host": "robots.test"})  # fmt: skip
    for headers in marks:
        assert asked(server, headers) == (401, "no-token")


def test_what_a_trusted_proxy_brings_needs_a_token_whether_it_names_its_client_or_not(start_server, tmp_path):
    server = start_server("--trust-proxy", "127.0.0.1")
    token = make_token(tmp_path / "data", "*", "admin")
    for headers in ({}, ELSEWHERE, {"X-Forwarded-For": "127.0.0.1"}):
        assert asked(server, headers) == (401, "no-token")
        assert asked(server, headers | bearer(token)) == (200, None)


def test_a_prometheus_server_elsewhere_comes_with_a_token(start_server, started, tmp_path, own_address):
    server = start_server(listen=f"{own_address}:0")
    secret = write_secret(tmp_path / "token", make_token(tmp_path / "data", "*", "admin"))
    job = {"scheme": "https", "tls_config": {"ca_file": str(server.certificate)},
           "static_configs": [{"targets": [f"{own_address}:{server.port}"]}]}  # fmt: skip
    stranger = Prometheus(tmp_path / "stranger", job)
    started.append(stranger)
    assert "401" in stranger.target()["lastError"]
    prometheus = Prometheus(tmp_path / "prometheus", job | {"authorization": {"credentials_file": str(secret)}})
    started.append(prometheus)
    assert prometheus.target()["health"] == "up", prometheus.target()["lastError"]
    eventually(lambda: prometheus.query('rtcpub_refusals_total{code="no-token"} > 0'))
    assert prometheus.query("up") == [({"__name__": "up", "instance": f"{own_address}:{server.port}",
                                        "job": "rtcpub"}, 1)]  # fmt: skip


def test_a_message_of_who_may_only_watch_is_counted_as_dropped_for_want_of_the_right(start_server, start, tmp_path):
    server = start_server(*FOR_OTHERS)
    common = ("--server", server.ws, "--channel", "car", "--data", "metric", "--print-data", "--stats")
    for role, rights in (("publish", "publish"), ("subscribe", "view")):
        secret = write_secret(tmp_path / rights, make_token(tmp_path / "data", "car", rights))
        video = ("--video", "none") if role == "subscribe" else ()
        program = start(role, *video, *common, "--token-file", secret)
        program.wait_for_stats(lambda stats: stats["state"] == "connected")

    def dropped():
        program.write("metric\tleft")
        return scrape(server).value("rtcpub_channel_dropped_messages_total", channel="car", reason="no_right")

    eventually(dropped)
    page = scrape(server)
    assert page.value("rtcpub_members", kind="viewer") == 1
    assert page.value("rtcpub_members", kind="driver") == 0
    assert page.value("rtcpub_channel_sent_messages_total", channel="car") == 0


def test_what_goes_by_the_turn_server_is_counted_both_ways(start_server, start):
    server = start_server()
    common = ("--server", server.ws, "--channel", "car")
    start("publish", *common, *TINY).wait_for_line("success")
    turn = json.loads(request(server, "/api/ice")[2])["iceServers"][1]
    user, password = (urllib.parse.quote(turn[name], safe="") for name in ("username", "credential"))
    url = turn["urls"][0].replace("turn:", f"turn:{user}:{password}@", 1)
    start("subscribe", *common, "--ice", url, "--relay-only", "--stats").wait_for_frames(15)
    page = wait_for_page(server, lambda page: page.value("rtcpub_turn_packets_total", direction="out") > 15)
    assert page.value("rtcpub_turn_relays") >= 1
    assert page.value("rtcpub_turn_allocations_total") >= 1
    assert page.value("rtcpub_turn_packets_total", direction="in") > 0
    assert page.value("rtcpub_turn_bytes_total", direction="out") > 15 * 100
