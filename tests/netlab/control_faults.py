"""The ways in which a drive can end. Each is a function of a ControlRig that does it, notes when (`rig.struck`), and returns
how to undo it, so that the rig can be started again."""

import os
import signal
import subprocess
import sys


def killed(name):
    """A program is gone at once."""

    def fault(rig):
        rig.strike()
        getattr(rig, name).send_signal(signal.SIGKILL)
        getattr(rig, name).wait_for_exit()
        return lambda: None

    return fault


def stopped(name, wakes=False):
    """A program stands still. A robot that `wakes` comes back to life in the end, and moves nothing either."""

    def fault(rig):
        program = getattr(rig, name)
        rig.strike()
        program.send_signal(signal.SIGSTOP)

        def undo():
            if wakes:
                lines = len(rig.log.all())
                program.send_signal(signal.SIGCONT)
                rig.log.wait_for(lambda line: line["event"] == "state" and line["state"] == "stopped", lines)
            program.send_signal(signal.SIGKILL)
            program.wait_for_exit()

        return undo

    return fault


def link_down(*names):
    """The network of a host carries nothing any more."""

    def fault(rig):
        rig.strike()
        for name in names:
            rig.lab.set(name, down=1)

        def undo():
            for name in names:
                rig.lab.set(name, down=0)

        return undo

    return fault


def car(which, number):
    """One of the car's two processes."""

    def fault(rig):
        pid = rig.car_pids()[which]
        rig.strike()
        os.kill(pid, number)
        return lambda: None

    return fault


def busy(fault):
    """Both cores have more to do than they can while that happens."""

    def faulty(rig):
        burn = [sys.executable, "-c", "print(flush=True)\nwhile True: pass"]
        burners = [subprocess.Popen(burn, stdout=subprocess.PIPE) for _ in range(4)]
        for burner in burners:
            burner.stdout.readline()
        undo = fault(rig)

        def rested():
            for burner in burners:
                burner.kill()
                burner.communicate()
            undo()

        return rested

    return faulty


FAULTS = {
    "driver killed": killed("driver"),
    "driver stopped": stopped("driver"),
    "driver's link down": link_down("viewer"),
    "robot's link down": link_down("robot"),
    "both links down": link_down("viewer", "robot"),
    "server killed": killed("server"),
    "server stopped": stopped("server"),
    "publish killed": killed("robot"),
    "publish stopped": stopped("robot", wakes=True),  # and writes the last lines of its log
    "car's driving process killed": car("driving", signal.SIGKILL),
    "car's driving process stopped": car("driving", signal.SIGSTOP),
    "car's guard killed": car("guard", signal.SIGKILL),
    "car's guard stopped": car("guard", signal.SIGSTOP),
    "driver killed, both cores busy": busy(killed("driver")),
    "car's driving process stopped, both cores busy": busy(car("driving", signal.SIGSTOP)),
}


def counts_from_fault(name):
    """Not from the last command that was accepted: the gate goes on then, or is gone with the last lines of its log."""
    return name.startswith(("car's", "publish killed"))
