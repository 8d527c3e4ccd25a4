#!/usr/bin/env python3
"""rtsp_server.py [--password WORD [--digest]] [--b-frames|--mark-slices|--no-idr] [--lose-udp]: serves live H264 at
rtsp://127.0.0.1:PORT/live.

Says "port PORT" when it is there and "playing" whenever a client's picture begins. It ends with its standard input.
The user's name is "robot". With --lose-udp it agrees to send by UDP, but nothing of that arrives. With --mark-slices
the whole picture blinks, each is of two slices, and each slice has RTP's marker. With --no-idr the picture is refreshed
bit by bit, and the one IDR picture, the first, isn't sent.
"""

import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

USER = "robot"
SOURCE = (
    "videotestsrc is-live=true pattern=solid-color foreground-color=0xff00ff00 ! "
    "video/x-raw,format=I420,width=640,height=480,framerate=30/1 ! "
)
PLAIN = "x264enc tune=zerolatency speed-preset=ultrafast bitrate=800 key-int-max=30 ! video/x-h264,profile=constrained-baseline"
B_FRAMES = "x264enc speed-preset=fast bframes=2 b-adapt=false rc-lookahead=4 bitrate=800 key-int-max=30 ! video/x-h264,profile=main"
BLINKING = (
    "videotestsrc is-live=true pattern=blink ! video/x-raw,format=I420,width=640,height=480,framerate=30/1 ! "
    "x264enc tune=zerolatency speed-preset=ultrafast bitrate=800 key-int-max=30 option-string=slices=2:sliced-threads=0 ! "
    "h264parse ! video/x-h264,stream-format=byte-stream,alignment=nal ! identity name=marked"
)
REFRESHED = (
    "x264enc name=coder tune=zerolatency speed-preset=ultrafast bitrate=800 key-int-max=15 intra-refresh=true ! "
    "video/x-h264,stream-format=avc,profile=main"
)
SLICES = (1, 5)


def add_password(server, factory, password, digest):
    auth = GstRtspServer.RTSPAuth.new()
    token = GstRtspServer.RTSPToken.new()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, USER)
    if digest:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(USER, password, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(USER, password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions.new()
    permissions.add_permission_for_role(USER, GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, True)
    permissions.add_permission_for_role(USER, GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, True)
    factory.set_permissions(permissions)


def lose_udp(media):
    """Drops what would leave by UDP, from the first packet on."""

    def watch(_pipeline, _bin, element):
        if element.get_factory().get_name() in ("udpsink", "multiudpsink"):
            element.get_static_pad("sink").add_probe(
                Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST, lambda *_: Gst.PadProbeReturn.DROP
            )

    media.get_element().get_parent().connect("deep-element-added", watch)


def mark_slices(media):
    """Sets what the payloader makes a marker of."""

    def mark(_pad, info):
        buffer = info.get_buffer()
        _, content = buffer.map(Gst.MapFlags.READ)
        if content.data.lstrip(b"\0")[1] & 31 in SLICES:
            buffer.set_flags(Gst.BufferFlags.MARKER)
        buffer.unmap(content)
        return Gst.PadProbeReturn.OK

    media.get_element().get_by_name("marked").get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, mark)


def drop_first(media):
    def drop(_pad, _info):
        pad.remove_probe(probe)
        return Gst.PadProbeReturn.DROP

    pad = media.get_element().get_by_name("coder").get_static_pad("src")
    probe = pad.add_probe(Gst.PadProbeType.BUFFER, drop)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--password")
    parser.add_argument("--digest", action="store_true")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--b-frames", action="store_true")
    kind.add_argument("--mark-slices", action="store_true")
    kind.add_argument("--no-idr", action="store_true")
    parser.add_argument("--lose-udp", action="store_true")
    options = parser.parse_args()
    Gst.init(None)
    server = GstRtspServer.RTSPServer.new()
    server.set_address("127.0.0.1")
    server.set_service("0")
    factory = GstRtspServer.RTSPMediaFactory.new()
    coder = B_FRAMES if options.b_frames else REFRESHED if options.no_idr else PLAIN
    pictures = BLINKING if options.mark_slices else f"{SOURCE} {coder}"
    factory.set_launch(f"( {pictures} ! rtph264pay name=pay0 pt=96 )")
    if options.mark_slices:
        factory.connect("media-configure", lambda _, media: mark_slices(media))
    if options.no_idr:
        factory.connect("media-configure", lambda _, media: drop_first(media))
    if options.lose_udp:
        factory.connect("media-configure", lambda _, media: lose_udp(media))
    if options.password:
        add_password(server, factory, options.password, options.digest)
    server.get_mount_points().add_factory("/live", factory)
    server.connect("client-connected", lambda _, client: client.connect("play-request", lambda *_: say("playing")))
    server.attach(None)
    say(f"port {server.get_bound_port()}")
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: loop.quit())
    loop.run()


def say(line):
    print(line, flush=True)


if __name__ == "__main__":
    main()
