"""Whatever dies, the motors stop, and nothing that was said before makes them move again. How fast is the bench's to measure:
here a machine may be three times slower."""

import signal
import time

import pytest
from control_faults import FAULTS
from control_rig import ControlRig

PATIENCE = 5.0
RETURNS = 1.5  # seconds in which something that was said before would move them


@pytest.fixture(name="rig")
def fixture_rig(lab, tmp_path):
    with ControlRig(lab, tmp_path) as rig:
        yield rig


@pytest.mark.parametrize("fault", FAULTS)
def test_the_motors_stop(rig, fault):
    rig.take()
    begin = len(rig.motors.all())
    undo = FAULTS[fault](rig)
    try:
        assert rig.neutral_after(begin, PATIENCE)["reason"] != ""
    finally:
        undo()
    time.sleep(RETURNS)
    assert all(line["car"]["neutral"] for line in rig.motors.all()[-1:]), "they move again, and nobody has let go"
    rig.rest()
    rig.take()  # all of it works again


def test_a_driver_that_comes_back_to_life_moves_nothing_before_neutral(rig):
    rig.take()
    begin = len(rig.motors.all())
    rig.driver.send_signal(signal.SIGSTOP)
    rig.neutral_after(begin, PATIENCE)
    stood = len(rig.motors.all())
    rig.driver.send_signal(signal.SIGCONT)
    time.sleep(RETURNS)
    assert all(line["car"]["neutral"] for line in rig.motors.all()[stood:])
    rig.take()


def test_a_car_is_not_driven_by_what_waited_in_a_stalled_link(rig):
    rig.take()
    begin = len(rig.motors.all())
    rig.lab.set("viewer", hold=1)
    rig.neutral_after(begin, PATIENCE)
    stood = len(rig.motors.all())
    rig.lab.set("viewer", hold=0)
    time.sleep(RETURNS)
    assert all(line["car"]["neutral"] for line in rig.motors.all()[stood:])
    expired = [line for line in rig.log.all() if line.get("verdict") == "expired"]
    assert expired, "nothing of what waited came late"
