#!/usr/bin/env bash
# aiortc 1.16.0 sends data at full speed to a peer whose SCTP receive window is closed.
#
# One would guess: with a_rwnd 0 in the last SACK at most one DATA chunk is under way, as a probe of the window
# (RFC 9260 section 6.1, rule A), so a receiver can hold its sender back.
# Seen: all of 400 messages of 1 kB come within seconds, though each SACK since before the first of them says 0. The
# sender reads a_rwnd at the start only, for its slow start's threshold. So who can't take more must keep, drop or
# leave unacknowledged what an aiortc peer goes on sending.
#
# Output:
#   aiortc 1.16.0: window 0, 400 of 400 messages came
#
# Needs python3 with venv. Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/window.py" <<'PYTHON'
import asyncio
import importlib.metadata

from aiortc import RTCPeerConnection
from aiortc.rtcsctptransport import SackChunk

COUNT = 400
windows = []
of_any_chunk = SackChunk.__bytes__


def closed(chunk):
    """A SACK that leaves no room."""
    chunk.advertised_rwnd = 0
    windows.append(0)
    return of_any_chunk(chunk)


async def main():
    sender, receiver = RTCPeerConnection(), RTCPeerConnection()
    got, opened, all_came = [], asyncio.Event(), asyncio.Event()

    @receiver.on("datachannel")
    def on_channel(channel):
        @channel.on("message")
        def on_message(message):
            got.append(message)
            if message == b"ready":
                got.clear()
                opened.set()
            if len(got) == COUNT:
                all_came.set()

    channel = sender.createDataChannel("bulk")
    channel.on("open", lambda: channel.send(b"ready"))
    await sender.setLocalDescription(await sender.createOffer())
    await receiver.setRemoteDescription(sender.localDescription)
    await receiver.setLocalDescription(await receiver.createAnswer())
    await sender.setRemoteDescription(receiver.localDescription)
    await asyncio.wait_for(opened.wait(), 20)
    SackChunk.__bytes__ = closed
    channel.send(b"first")  # its SACK closes the window
    await asyncio.sleep(1)
    assert windows
    got.clear()
    for _ in range(COUNT):
        channel.send(bytes(1000))
    try:
        await asyncio.wait_for(all_came.wait(), 10)
    except asyncio.TimeoutError:
        pass
    print(f"aiortc {importlib.metadata.version('aiortc')}: window 0, {len(got)} of {COUNT} messages came")
    await sender.close()
    await receiver.close()


asyncio.run(main())
PYTHON

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check aiortc==1.16.0
wanted="aiortc 1.16.0: window 0, 400 of 400 messages came"
output=$("$folder/venv/bin/python" "$folder/window.py" 2>/dev/null)
echo "$output"
[ "$output" = "$wanted" ] || { echo "this was: $wanted" >&2; exit 1; }
