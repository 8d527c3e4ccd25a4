#!/usr/bin/env bash
# GStreamer 1.22's rtph264depay ends an access unit at each RTP marker, whatever the timestamps say.
#
# One would guess: alignment=au gives one buffer a picture, told by the RTP timestamp, since a decoder must not rely on
# the marker (RFC 6184 section 5.1).
# Seen: 30 pictures of two slices, 30 timestamps. With the marker on each picture's last packet 31 access units come out
# (the parameter sets and messages before the first picture are one); with the marker on each slice's last packet,
# as some cameras send it, 60: each is half a picture, and a decoder shows it with the other half made up.
#
# Output:
#   GStreamer 1.22.0: 30 pictures, marker on the last slice: 31 access units, on each slice: 60
#
# Needs Debian 12 with python3-gi, gir1.2-gst-plugins-base-1.0, gstreamer1.0-plugins-base and libx264-164. Fails if that
# changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/marker.py" <<'PYTHON'
import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst

Gst.init(None)
PICTURES = 30


def packets():
    """Of 30 pictures in two slices each."""
    pipeline = Gst.parse_launch(
        f"videotestsrc num-buffers={PICTURES} ! video/x-raw,width=320,height=240,framerate=30/1 "
        "! x264enc tune=zerolatency sliced-threads=false threads=1 option-string=slices=2 "
        "! video/x-h264,profile=baseline ! rtph264pay config-interval=-1 aggregate-mode=none mtu=1200 "
        "! appsink name=out sync=false")
    pipeline.set_state(Gst.State.PLAYING)
    out, got = pipeline.get_by_name("out"), []
    while (sample := out.emit("pull-sample")) is not None:
        buffer = sample.get_buffer()
        got.append((bytes(buffer.extract_dup(0, buffer.get_size())), buffer.pts))
        caps = sample.get_caps()
    pipeline.set_state(Gst.State.NULL)
    return got, caps


def ends_slice(packet):
    kind = packet[12] & 31
    return packet[13] & 64 and packet[13] & 31 in (1, 5) if kind == 28 else kind in (1, 5)


def depayloaded(got, caps, every_slice):
    """Sizes of what comes out as access units."""
    pipeline = Gst.parse_launch("appsrc name=in format=time ! rtph264depay "
                                "! video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=out sync=false")
    source, out = pipeline.get_by_name("in"), pipeline.get_by_name("out")
    source.set_property("caps", caps)
    pipeline.set_state(Gst.State.PLAYING)
    for packet, pts in got:
        packet = bytearray(packet)
        if every_slice and ends_slice(packet):
            packet[1] |= 128
        buffer = Gst.Buffer.new_wrapped(bytes(packet))
        buffer.pts = pts
        source.emit("push-buffer", buffer)
    source.emit("end-of-stream")
    count = 0
    while out.emit("pull-sample") is not None:
        count += 1
    pipeline.set_state(Gst.State.NULL)
    return count


got, caps = packets()
print(f"GStreamer {Gst.version_string().split()[1]}: {PICTURES} pictures,",
      f"marker on the last slice: {depayloaded(got, caps, False)} access units,",
      f"on each slice: {depayloaded(got, caps, True)}")
PYTHON

(cd "$folder" && apt-get -qq download gstreamer1.0-plugins-good=1.22.0-5+deb12u4 \
  gstreamer1.0-plugins-ugly=1.22.0-2+deb12u2 >/dev/null 2>&1)
for package in "$folder"/*.deb; do dpkg -x "$package" "$folder/debian"; done
export GST_REGISTRY="$folder/registry" GST_PLUGIN_PATH
GST_PLUGIN_PATH=$(dirname "$(find "$folder/debian" -name libgstrtp.so)")
wanted="GStreamer 1.22.0: 30 pictures, marker on the last slice: 31 access units, on each slice: 60"
output=$(/usr/bin/python3 -B "$folder/marker.py" 2>/dev/null)
echo "$output"
[ "$output" = "$wanted" ] || { echo "this was: $wanted" >&2; exit 1; }
