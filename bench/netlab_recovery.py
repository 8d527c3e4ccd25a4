"""How long pictures stay away when a network, a server or an interface goes and comes back. RTT 60 ms."""

import time

from netlab_drive import Drive, Lab, Session, driving, now, pathlib, tempfile

LINK = {"delay": 30, "rate": 5000, "queue": 100}
BEGIN = 5  # seconds of an undisturbed drive
SETTLED = 8  # seconds after which it must be over


def next_frame(drive, at):
    """Seconds to the first picture that is decoded after that."""
    return next((frame.at - at for frame in drive.frames(at)), float("inf"))


def outage(seed, kind):
    """The robot's link loses everything for 30 s."""
    with driving(seed, 2000, kind=kind, **LINK) as drive:
        drive.lab.set("robot", at=BEGIN, down=1)
        drive.lab.set("robot", at=BEGIN + 30, down=0)
        drive.start().run_until(BEGIN + 30 + SETTLED)
        return {"30 s outage: its end to the next frame, s": next_frame(drive, BEGIN + 30)}


def restarted(seed, kind, away):
    """The server is killed, and started again so many seconds later."""
    with driving(seed, 2000, kind=kind, **LINK) as drive:
        drive.start().run_until(BEGIN)
        drive.server.kill()
        time.sleep(away)
        drive.session.serve()
        listening = now() - drive.began
        drive.run_until(listening + SETTLED)
        return next_frame(drive, listening)


def restart(seed, kind):
    return {"server killed and restarted: listening to the next frame, s": restarted(seed, kind, 0),
            "… and away for 5 s": restarted(seed, kind, 5)}


def longest_gap_after(change, nat=None, spare=False):
    """Seconds between two pictures that follow each other, around a change of the robot's network."""
    with tempfile.TemporaryDirectory() as data, Lab(1) as lab, Session(lab, pathlib.Path(data), nat) as session:
        lab.set("robot", **LINK)
        if spare:
            session.robot.add_link("lte")
            lab.set("lte", **LINK)
        with Drive(lab, session, 2000, "h264", "reliable") as drive:
            drive.start().run_until(BEGIN)
            changed = now() - drive.began
            change(session.robot)
            drive.run_until(changed + SETTLED)
            times = [frame.at for frame in drive.frames(changed - 1)]
            alive = bool(times) and times[-1] > changed + SETTLED - 1
            return max(b - a for a, b in zip(times, times[1:])) if alive else float("inf")


def interface(_seed, _kind):
    """Other addresses, and an interface that goes while another is there."""
    return {"robot's address changes: longest gap, s": longest_gap_after(lambda robot: robot.move()),
            "… behind a NAT": longest_gap_after(lambda robot: robot.move(), nat="cone"),
            "one of two interfaces is unplugged: longest gap, s":
                longest_gap_after(lambda robot: robot.links["robot"].unplug(), spare=True)}


FIGURES = {"outage": outage, "restart": restart, "interface": interface}
