"""Publishers at Spider servers of other makes."""

import re

from foreign_server import ForeignServer


def publish(start, server, *options):
    """aiortc takes no candidates that follow the offer before it has any: they stand in it."""
    return start("publish", "--server", server.url, "--channel", "x", "--no-trickle", "--codec", "vp8",
                 "--video", "test:?size=320x240&fps=15", "--stats", *options)  # fmt: skip


def ssrcs(offer):
    return set(re.findall(r"^a=ssrc:(\d+) ", offer, re.MULTILINE))


def ssrcs_of_groups(offer, semantics):
    groups = re.findall(rf"^a=ssrc-group:{semantics} ([\d ]+)", offer, re.MULTILINE)
    return {ssrc for group in groups for ssrc in group.split()}


def test_a_server_that_says_nothing_of_fec_is_offered_none(start):
    with ForeignServer() as server:
        publisher = publish(start, server)
        publisher.wait_for_stats(lambda stats: stats["state"] == "connected")
        offer = server.offers[0]
        assert "flexfec" not in offer.lower()
        assert "FEC-FR" not in offer
        # Pion 3, and 4 up to 4.1.0, takes a section of more SSRCs than these two for Plan B, and refuses it.
        assert len(ssrcs(offer)) == 2
        assert ssrcs(offer) == ssrcs_of_groups(offer, "FID")
        assert publisher.stop()[0] == 0


def test_a_server_that_says_that_it_undoes_fec_is_offered_it(start):
    with ForeignServer(fields={"Rtcpub-Features": "something-new, flexfec-03"}) as server:
        publisher = publish(start, server)
        publisher.wait_for_stats(lambda stats: stats["state"] == "connected")
        offer = server.offers[0]
        assert re.search(r"^a=rtpmap:\d+ flexfec-03/90000", offer, re.MULTILINE)
        assert len(ssrcs(offer) - ssrcs_of_groups(offer, "FID")) == 1
        assert publisher.stop()[0] == 0


def agrees_to_feedback(offer, answer):
    """As libdatachannel answers: transport-wide feedback is agreed to, which aiortc never sends."""
    uri = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
    offered = re.search(rf"^a=extmap:(\d+) {uri}", offer, re.MULTILINE)
    if not offered:  # the doctor's offer of data alone
        return answer
    number = offered[1]
    answer = answer.replace("goog-remb", "transport-cc")
    assert "transport-cc" in answer
    return re.sub(r"^(m=video .*\r\n)", rf"\1a=extmap:{number} {uri}\r\n", answer, flags=re.MULTILINE)


def test_a_server_that_sends_no_feedback_though_it_agreed_to_does_not_starve_the_video(start):
    with ForeignServer(edit_answer=agrees_to_feedback) as server:
        publisher = publish(start, server, "--bitrate", "600k")
        first = publisher.wait_for_stats(lambda stats: stats.get("feedback_missing"))
        publisher.wait_for_error("agreed to tell what arrives (transport-cc) and doesn't")
        # libwebrtc would take a fifth off each second, down to 30.
        seen = len(publisher.stats())
        publisher.wait_for_stats(lambda _: len(publisher.stats()) >= seen + 10)
        assert min(stats["estimate_kbps"] for stats in publisher.stats()[-5:]) >= 0.25 * first["estimate_kbps"] > 0
        assert sum("transport-cc" in line for line in publisher.complaints()) == 1


def test_doctor_tells_that_a_server_sends_no_feedback(start):
    with ForeignServer(edit_answer=agrees_to_feedback) as server:
        doctor = start("doctor", "--server", server.url, "--channel", "x", "--no-trickle", "--seconds", "8")
        doctor.wait_for_exit()
        said = " ".join(" ".join(doctor.out.all()).split())
        assert "the server doesn't tell what arrives" in said, doctor.describe()
