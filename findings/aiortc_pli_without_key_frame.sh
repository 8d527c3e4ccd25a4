#!/usr/bin/env bash
# aiortc 1.4.0 with PyAV 10.0.0, as Debian 12 has them, makes no H264 key frame when it is asked for one.
#
# One would guess: a PLI makes its encoder's next picture an IDR, as force_keyframe of H264Encoder.encode() says.
# Seen: pictures 4 and 8, for which a key frame is forced, are P slices (NAL units of type 1) like the others. The only
# IDR (5, with 6, 7 and 8) is picture 0; the next one comes with the encoder's own interval. With aiortc 1.16.0
# (PyAV 18.1.0) both have 5, 7 and 8. So a viewer that joins an old aiortc robot waits for its next key frame, whatever
# it asks for.
#
# Output:
#   aiortc 1.4.0 av 10.0.0: 0 [5, 6, 7, 8], 4 [1], 8 [1]
#   aiortc 1.16.0 av 18.1.0: 0 [5, 6, 7, 8], 4 [5, 7, 8], 8 [5, 7, 8]
#
# Needs Debian 12 with what python3-aiortc depends on, and python3 with venv. Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/key_frames.py" <<'PYTHON'
import fractions
import importlib.metadata

import av
import numpy
from aiortc.codecs.h264 import H264Encoder

av.logging.set_level(av.logging.PANIC)


def types(payloads):
    """Of the NAL units in RTP payloads (RFC 6184)."""
    found = set()
    for payload in payloads:
        kind = payload[0] & 31
        if kind == 24:  # STAP-A
            at = 1
            while at + 2 < len(payload):
                found.add(payload[at + 2] & 31)
                at += 2 + int.from_bytes(payload[at:at + 2], "big")
        else:
            found.add(payload[1] & 31 if kind == 28 else kind)  # 28: FU-A
    return sorted(found)


encoder = H264Encoder()
said = []
for number in range(12):
    picture = numpy.full((480 * 3 // 2, 640), 128, numpy.uint8)
    picture[:480] = (numpy.indices((480, 640)).sum(0) + number * 3) % 256
    frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
    frame.pts, frame.time_base = number * 3000, fractions.Fraction(1, 90000)
    payloads, _ = encoder.encode(frame, force_keyframe=number in (0, 4, 8))
    if number in (0, 4, 8):
        said.append(f"{number} {types(payloads)}")
print("aiortc", importlib.metadata.version("aiortc"), "av", importlib.metadata.version("av") + ":", ", ".join(said))
PYTHON

# seen OUTPUT PYTHON…
seen() {
  local wanted=$1 output
  shift
  output=$("$@" "$folder/key_frames.py" 2>/dev/null)
  echo "$output"
  [ "$output" = "$wanted" ] || { echo "this was: $wanted" >&2; exit 1; }
}

(cd "$folder" && apt-get -qq download python3-aiortc=1.4.0-2 python3-av=10.0.0-1+b1 >/dev/null 2>&1)
for package in "$folder"/*.deb; do dpkg -x "$package" "$folder/debian"; done
seen "aiortc 1.4.0 av 10.0.0: 0 [5, 6, 7, 8], 4 [1], 8 [1]" \
  env PYTHONPATH="$folder/debian/usr/lib/python3/dist-packages" /usr/bin/python3 -B

python3 -m venv "$folder/new"
"$folder/new/bin/pip" install --quiet --disable-pip-version-check aiortc==1.16.0 av==18.1.0 numpy
seen "aiortc 1.16.0 av 18.1.0: 0 [5, 6, 7, 8], 4 [5, 7, 8], 8 [5, 7, 8]" "$folder/new/bin/python"
