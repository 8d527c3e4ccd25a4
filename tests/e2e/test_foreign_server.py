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
