"""An old viewer as a program of its own: SERVER CHANNEL. Says `open`, then sends each line that comes on `stream`."""

import asyncio
import json
import sys
from types import SimpleNamespace

from old_peer import OldPeer


async def main(wss, channel):
    async with OldPeer(SimpleNamespace(wss=wss), "sub", channel, "VP8") as viewer:
        await viewer.send("metric", "here")
        print("open", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            await viewer.send("stream", json.loads(line))


asyncio.run(main(*sys.argv[1:]))
