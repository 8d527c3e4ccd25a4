"""Old programs are safe, too: Debian's aiortc as the old viewer and as the old robot, with the emergency stop and new
drivers between them."""

import asyncio
import contextlib
import json
import pathlib
import subprocess
import sys

from old_peer import OldPeer, drive
from program import eventually
from spider import request
from test_aiortc import timed, wait

VIEWER = pathlib.Path(__file__).parent / "old_viewer.py"


def motion(key, value):
    return {"motion": {"key": key, "value": value}}


NEUTRAL = [motion("forward", 0), motion("left", 0)]


def control_of(server, channel):
    """What the API says of who drives there."""
    _, _, body = request(server, "/api/channels")
    for one in json.loads(body)["channels"]:
        if one["id"] == channel:
            return one
    return {}


async def hear(robot, *wanted):
    """All that the robot is told on `stream` until the last of these, which come in this order."""
    heard = []
    for value in wanted:
        while not heard or heard[-1] != value:
            heard.append(await robot.receive("stream"))
    return heard


class OldViewer(contextlib.AbstractContextManager):
    """In a process of its own, which can be killed."""

    def __init__(self, server, channel):
        self.process = subprocess.Popen([sys.executable, "-B", VIEWER, server.wss, channel], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)  # fmt: skip
        assert self.process.stdout.readline() == "open\n"

    async def say(self, value):
        self.process.stdin.write(json.dumps(value) + "\n")
        self.process.stdin.flush()

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


@timed
async def test_an_old_robot_is_stopped_when_its_old_viewer_vanishes(server, channel):
    async with OldPeer(server, "pub", channel, "VP8") as robot:
        with await wait(OldViewer, server, channel) as viewer:
            await drive(robot, viewer.say, "forward", 5)
            assert (await wait(control_of, server, channel))["driver"]["id"] > 0
            viewer.process.kill()
            await hear(robot, *NEUTRAL)
        assert "driver" not in await wait(control_of, server, channel)


@timed
async def test_what_two_old_viewers_say_is_not_mixed(server, channel):
    async with OldPeer(server, "pub", channel, "VP8") as robot:
        async with OldPeer(server, "sub", channel, "VP8") as one, OldPeer(server, "sub", channel, "VP8") as other:
            await drive(robot, one.say, "forward", 5)
            for _ in range(3):
                await other.send("stream", motion("back", 9))
            assert (await other.notice())["code"] == "not-driver"
            await one.send("stream", motion("left", 3))
            heard = await hear(robot, motion("left", 3))
            assert motion("back", 9) not in heard
            # Who has let go of everything, and is silent, makes room for the other.
            await one.send("stream", motion("left", 0))
            await one.send("stream", motion("forward", 0))
            await wait(eventually, lambda: "driver" not in control_of(server, channel))
            await drive(robot, other.say, "back", 9)


@timed
async def test_a_gate_takes_what_an_old_viewer_says_and_stops_when_it_is_silent(server, channel, publish):
    robot = await wait(publish, "--control", "--print-data")
    async with OldPeer(server, "sub", channel, "VP8") as viewer:

        def drives():
            return any(line.startswith(":control ") and '"throttle":0.5' in line for line in robot.out.all())

        while not drives():  # a gate wants a 0 first, and what is late is dropped
            await viewer.send("stream", motion("forward", 0))
            await asyncio.sleep(0.1)
            await viewer.send("stream", motion("forward", 5))
            await asyncio.sleep(0.05)
        start = len(robot.out.all())
        await wait(robot.wait_for, lambda line: line.startswith(":control ") and '"silence"' in line, start - 1)


@timed
async def test_an_emergency_stop_holds_an_old_robot_until_it_is_cleared(server, channel, start):
    async with OldPeer(server, "pub", channel, "VP8") as robot, OldPeer(server, "sub", channel, "VP8") as viewer:
        await drive(robot, viewer.say, "forward", 5)
        button = start("drive", "--server", server.ws, "--channel", channel, "--print", "--script", "-")
        await wait(button.write, "stop")
        await hear(robot, *NEUTRAL)
        await wait(eventually, lambda: control_of(server, channel).get("emergency"))
        await viewer.send("stream", motion("forward", 7))
        await viewer.send("stream", {"speed": {"key": "maxSpeed", "value": 400}})
        heard = await hear(robot, {"speed": {"key": "maxSpeed", "value": 400}})
        assert motion("forward", 7) not in heard


@timed
async def test_a_new_driver_drives_an_old_robot_and_stops_it_by_vanishing(server, channel, start):
    async with OldPeer(server, "pub", channel, "VP8") as robot:
        driver = start("drive", "--server", server.ws, "--channel", channel, "--print", "--script", "-")
        await wait(driver.write, "take")
        await wait(driver.wait_for, lambda line: '"mine":true' in line)
        await wait(driver.write, '2000 {"throttle": 0}')  # in its first second no robot is driven
        await wait(driver.write, '60000 {"throttle": 0.5}')
        await hear(robot, motion("forward", 5))
        driver.process.kill()
        await hear(robot, motion("forward", 0))
        await wait(eventually, lambda: "driver" not in control_of(server, channel))
