"""Whatever dies, the motors stop, and nothing that was said before makes them move again. How fast is the bench's to measure:
here a machine may be three times slower."""

import signal

import pytest
from control_faults import FAULTS
from control_rig import ControlRig, now

PATIENCE = 5.0


@pytest.fixture(name="rig")
def fixture_rig(lab, tmp_path):
    with ControlRig(lab, tmp_path) as rig:
        yield rig


def stands_until(rig, stood, since):
    """From line `stood` on the motors didn't move before that moment, in seconds."""
    moved = [line["car"]["at"] / 1e6 for line in rig.motors.all()[stood:] if not line["car"]["neutral"]]
    assert min(moved, default=since) >= since, "they moved again, and nobody had let go"


def take_again(rig, stood):
    """All of it works again, and until then nothing that was said before has moved them."""
    rig.rest()
    since = now()
    rig.take()
    stands_until(rig, stood, since)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_motors_stop(rig, fault):
    rig.take()
    begin = len(rig.motors.all())
    undo = FAULTS[fault](rig)
    try:
        assert rig.neutral_after(begin, PATIENCE)["reason"] != ""
        stood = len(rig.motors.all())
    finally:
        undo()
    take_again(rig, stood)


def test_a_driver_that_comes_back_to_life_moves_nothing_before_neutral(rig):
    rig.take()
    begin = len(rig.motors.all())
    rig.driver.send_signal(signal.SIGSTOP)
    rig.neutral_after(begin, PATIENCE)
    stood = len(rig.motors.all())
    rig.driver.send_signal(signal.SIGCONT)
    assert rig.driver.wait_for_exit() == 1, "its line drives no more, and it says so"
    take_again(rig, stood)


def test_a_car_is_not_driven_by_what_waited_in_a_stalled_link(rig):
    rig.take()
    begin = len(rig.motors.all())
    rig.lab.set("viewer", hold=1)
    rig.neutral_after(begin, PATIENCE)
    stood, heard = len(rig.motors.all()), len(rig.log.all())
    rig.lab.set("viewer", hold=0)
    rig.log.wait_for(lambda line: line.get("verdict") == "expired", heard)
    take_again(rig, stood)
