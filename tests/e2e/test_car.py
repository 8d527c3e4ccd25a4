"""What drives motors: whatever dies, they are at neutral. Bounds are generous; `./dev bench control` has exact ones."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import time

import pytest
from car import NEUTRAL, Car, Feeder, drive, is_gone, lines_of, now_us, parsed
from program import PROGRAM, Program, eventually, run

# Far above what it takes, below what no stop at all would take.
SOON_US = 5_000_000


def moves(car):
    return not car["neutral"]


@pytest.fixture(name="start_car")
def fixture_start_car(started):
    def start_car(motors="print:", *options, **named):
        started.append(Car(motors, *options, **named))
        return started[-1]

    return start_car


@pytest.fixture(name="driven")
def fixture_driven(start_car, tmp_path):
    """A car that is driven, and the file to which both of its processes write."""
    path = tmp_path / "motors.jsonl"
    car = start_car(f"print:{path}")
    car.begin()
    feeder = Feeder(car)
    car.wait_for_position(moves)
    yield car, feeder, path
    feeder.end()


def stays_neutral(path, seconds=0.5):
    """Whether nothing moves any more, by the file, from now on."""
    time.sleep(seconds)
    return lines_of(path)[-1]["car"]["neutral"]


# --- Lines


def test_begins_at_neutral_and_moves_after_a_neutral_line_only(start_car):
    car = start_car()
    car.write(drive(0, 1, life=60))
    assert car.wait_for_position(lambda said: said["reason"] == "not-neutral")["throttle"] == 0
    car.begin()
    car.write(drive(-0.5, 0.25))
    said = car.wait_for_position(moves)
    assert (said["steering"], said["throttle"], said["reason"]) == (-0.5, 0.25, "")
    assert now_us() - SOON_US < said["at"] <= now_us()
    assert car.positions()[0]["neutral"]


def test_is_neutral_200_ms_after_the_last_line(start_car):
    car = start_car()
    car.begin()
    said_us = now_us()
    car.write(drive(0, 1, life=60))
    car.wait_for_position(moves)
    stopped = car.wait_for_position(lambda said: said["reason"] == "silence")
    assert 200_000 <= stopped["at"] - said_us < SOON_US
    car.write(drive(0, 1))
    car.wait_for_position(lambda said: said["reason"] == "not-neutral")


def test_is_neutral_when_a_line_is_over(start_car):
    car = start_car()
    car.begin()
    said_us = now_us()
    car.write(drive(0, 1, life=0.1))
    stopped = car.wait_for_position(lambda said: said["reason"] == "expired")
    assert 100_000 <= stopped["at"] - said_us < SOON_US


def test_moves_nothing_by_a_line_that_is_over(start_car):
    car = start_car()
    for _ in range(20):
        car.write(NEUTRAL)
        car.write(drive(0, 1, life=-0.001))
    car.write(NEUTRAL)
    car.write(drive(0, 0.25))
    car.wait_for_position(moves)
    assert all(said["throttle"] != 1 for said in car.positions())


def test_takes_garbage_for_nothing(start_car):
    car = start_car()
    car.begin()
    feeder = Feeder(car)
    for garbage in ("{", "null", "\x00\xff", "x" * 100_000, '{"axes":{"throttle":1e999},"until":1}', "[" * 4000):
        car.write(garbage)
    car.wait_for_position(moves)
    car.wait_for_error("a line was left out")
    feeder.end()
    assert car.stop(signal.SIGTERM)[0] == 0


def test_confirms_the_top_speed_and_holds_the_throttle_to_it(start_car):
    car = start_car()
    car.begin()
    car.write('{"max_speed":400}')
    metric = car.wait_for(lambda line: parsed(line).get("metric"))
    assert metric == {"speed": {"key": "maxSpeed", "value": 400}}
    car.write(NEUTRAL)
    car.write(drive(0, 1))
    assert car.wait_for_position(moves)["throttle"] == pytest.approx(0.2552)


def test_keeps_the_top_speed_where_another_one_would_leave_none(start_car):
    car = start_car()
    car.write('{"max_speed":400}')
    for none in (350, 100, 0):
        start = len(car.out.all())
        car.write(f'{{"max_speed":{none}}}')
        assert car.wait_for(lambda line: parsed(line).get("metric"), start)["speed"]["value"] == 400
    car.wait_for_error("maxSpeed 350 would leave none. It is the pulse of full throttle")
    assert len([line for line in car.err.all() if "would leave none" in line]) == 1


def test_passes_laps_on(start_car):
    car = start_car()
    car.write('{"ir":{"key":"detectTime","value":1639.25}}')
    metric = car.wait_for(lambda line: parsed(line).get("metric"))
    assert metric == {"ir": {"key": "detectTime", "value": 1639.25}}


def test_lets_the_throttle_rise_by_its_ramp(start_car):
    car = start_car("print:", "--ramp", "1")
    car.begin()
    feeder = Feeder(car, 0.2)
    car.wait_for_position(lambda said: said["throttle"] == 0.2)
    feeder.end()
    said = car.positions()
    rises = [(after["throttle"] - before["throttle"], after["at"] - before["at"]) for before, after in zip(said, said[1:])]
    assert len([rise for rise, _ in rises if rise > 0]) > 2
    assert all(rise <= us / 1e6 + 0.05 for rise, us in rises)


# --- Ends


@pytest.mark.parametrize("whom", ["writer", "guard"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_is_neutral_when_one_of_its_two_is_killed_or_stopped(driven, whom, how):
    car, _, path = driven
    guard = car.guard
    done_us = now_us()
    os.kill(car.pid if whom == "writer" else guard, how)
    code = car.wait_for_exit()
    eventually(lambda: is_gone(guard))

    last = lines_of(path)[-1]["car"]
    assert last["neutral"] and last["reason"] in ("writer-killed", "writer-stopped", "guard-lost")
    assert last["at"] - done_us < SOON_US
    assert stays_neutral(path), "one that was stopped must not write later"
    said = "drives" if whom == "writer" else "watches over"
    car.wait_for_error(f"the process that {said}")
    assert code == (-signal.SIGKILL if whom == "writer" else 1)


def test_is_neutral_when_its_input_ends(driven):
    car, feeder, path = driven
    feeder.end()
    car.process.stdin.close()
    assert car.wait_for_exit() == 0
    assert lines_of(path)[-1]["car"]["reason"] == "input-ended"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_the_motors_when_it_is_asked_to_end(driven, number):
    car, _, path = driven
    code, took = car.stop(number)
    assert code == 0 and took < 5
    assert lines_of(path)[-1]["car"]["reason"] == "stopping"


FEEDER = """
    import json, os, sys, time
    lines = open(sys.argv[1], "w", buffering=1)
    last = 0
    while True:
        now = time.monotonic()
        late, last = now - last > 0.15, now  # as a busy machine makes it: it begins anew
        throttle = 0.5 if os.path.exists(sys.argv[2]) and not late else 0
        print(json.dumps({"axes": {"throttle": throttle}, "until": int((now + 0.2) * 1e6)}), file=lines)
        time.sleep(0.02)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_is_neutral_when_who_feeds_it_is_killed_or_stopped(started, tmp_path, how):
    path, fifo, go = tmp_path / "motors.jsonl", tmp_path / "lines", tmp_path / "go"
    os.mkfifo(fifo)
    started.append(Program("sh", "-c", f"exec {PROGRAM} car print:{path} < {fifo}"))
    car = started[-1]
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(FEEDER), fifo, go]) as feeder:
        try:
            car.wait_for(lambda line: parsed(line).get("ready"))
            # What it was told before that doesn't count.
            eventually(lambda: parsed(car.out.all()[-1]).get("car", {}).get("reason") == "")
            go.touch()
            car.wait_for(lambda line: parsed(line).get("car", {}).get("throttle") == 0.5)
            done_us = now_us()
            feeder.send_signal(how)
            eventually(lambda: lines_of(path)[-1]["car"]["reason"] in ("silence", "expired", "input-ended"))
            last = lines_of(path)[-1]["car"]
            assert last["neutral"] and last["at"] - done_us < SOON_US
            if how == signal.SIGKILL:
                assert car.wait_for_exit() == 0
        finally:
            feeder.kill()


# --- Motors


def test_says_what_to_do_about_a_bus_that_is_not_there_and_tries_again(start_car, tmp_path):
    bus = tmp_path / "i2c-1"
    car = start_car(f"pca9685:{bus}", ready=False)
    said = car.wait_for(lambda line: parsed(line).get("why"))
    assert "enable I2C" in said and str(bus) in said
    bus.symlink_to("/dev/null")
    car.wait_for(lambda line: "is no I2C bus" in line)
    car.write(NEUTRAL)
    car.write(drive(0, 1))
    code, took = car.stop(signal.SIGTERM)
    assert code == 0 and took < 5
    assert not any(moves(position) for position in car.positions())


def test_lets_no_two_drive_the_same_motors(start_car, tmp_path):
    start_car(f"pca9685:{tmp_path}/i2c-1", ready=False).wait_for(lambda line: parsed(line).get("why"))
    other = run("car", f"pca9685:{tmp_path}/i2c-1")
    assert other.returncode == 1 and "another program drives" in other.stderr


@pytest.fixture(name="pwm")
def fixture_pwm(tmp_path):
    """Two outputs as the kernel shows them, by files."""
    for output in ("pwm0", "pwm1"):
        (tmp_path / output).mkdir()
        for name in ("enable", "period", "duty_cycle"):
            (tmp_path / output / name).write_text("0\n")
    return tmp_path


def test_drives_the_kernels_pwm_and_releases_it(start_car, pwm):
    def duty():
        return [(pwm / output / "duty_cycle").read_text() for output in ("pwm0", "pwm1")]

    car = start_car(f"sysfs-pwm:{pwm}?frequency=50")
    assert (pwm / "pwm0" / "period").read_text() == "20000000"
    assert duty() == ["1500000", "1500000"]
    car.begin()
    feeder = Feeder(car)
    eventually(lambda: duty() == ["1750000", "1625000"])
    assert car.stop(signal.SIGTERM)[0] == 0
    feeder.end()
    assert duty() == ["1500000", "1500000"]
    assert [(pwm / output / "enable").read_text() for output in ("pwm0", "pwm1")] == ["0", "0"]


def test_stops_the_kernels_pwm_when_it_is_killed(start_car, pwm):
    car = start_car(f"sysfs-pwm:{pwm}")
    car.begin()
    feeder = Feeder(car)
    car.wait_for_position(moves)
    os.kill(car.pid, signal.SIGKILL)
    feeder.end()
    eventually(lambda: (pwm / "pwm0" / "enable").read_text() == "0")
    assert (pwm / "pwm0" / "duty_cycle").read_text() == "1500000"


def test_stops_while_its_motors_are_away_and_is_ready_when_they_are_back(start_car, pwm):
    car = start_car(f"sysfs-pwm:{pwm}")
    car.begin()
    feeder = Feeder(car)
    car.wait_for_position(moves)
    start = len(car.out.all())
    (pwm / "pwm0").rename(pwm / "away")
    (pwm / "export").write_text("")
    car.wait_for(lambda line: parsed(line).get("ready") is False, start)
    (pwm / "away").rename(pwm / "pwm0")
    car.wait_for(lambda line: parsed(line).get("ready"), start)
    car.wait_for_position(lambda said: said["reason"] == "not-neutral", start)
    assert not any(moves(said) for line in car.out.all()[start + 3 :] if (said := parsed(line).get("car")))
    feeder.end()


MOTORS = """
    import os, sys
    out = open(sys.argv[1], "a", buffering=1)
    print(f'{{"pid": {os.getpid()}}}', file=out)
    for line in sys.stdin:
        out.write(line)
    print('{"end": true}', file=out)
"""


@pytest.fixture(name="program")
def fixture_program(tmp_path):
    """A program of one's own that notes what it is told: how to start it, and its notes."""
    script, notes = tmp_path / "motors.py", tmp_path / "notes"
    script.write_text(textwrap.dedent(MOTORS))
    return f"exec:{sys.executable} {script} {notes}", lambda: lines_of(notes)


def drive_program(start_car, motors, notes):
    """A car that moves by it: the car, the program's notes, and who feeds it."""
    car = start_car(motors)
    car.begin()
    feeder = Feeder(car)
    eventually(lambda: notes() and notes()[-1].get("throttle") == 0.5)
    return car, notes, feeder


def test_tells_a_program_of_ones_own(start_car, program):
    motors, notes = program
    car = start_car(motors)
    car.begin()
    feeder = Feeder(car)
    moved = eventually(lambda: next((note for note in notes() if note.get("throttle")), None))
    assert 0 < moved.pop("hold_ms") <= 200
    assert moved == {"steering": 0.25, "throttle": 0.5, "neutral": False, "reason": ""}
    feeder.end()
    eventually(lambda: notes()[-1]["reason"] in ("silence", "expired"))
    count = len(notes())
    eventually(lambda: len(notes()) > count + 2)
    assert notes()[-1]["neutral"] and notes()[-1]["hold_ms"] == 0, "it is repeated"
    assert car.stop(signal.SIGTERM)[0] == 0
    assert notes()[-1] == {"end": True} and notes()[-2]["reason"] == "stopping"


def test_starts_a_program_of_ones_own_again_with_neutral_first(start_car, program):
    car, notes, feeder = drive_program(start_car, *program)
    start = len(car.out.all())
    os.kill(notes()[0]["pid"], signal.SIGKILL)
    assert "was killed by signal 9" in car.wait_for(lambda line: parsed(line).get("why"), start)
    car.wait_for(lambda line: parsed(line).get("ready"), start)
    second = eventually(lambda: [at for at, note in enumerate(notes()) if "pid" in note][1:])[0]
    eventually(lambda: len(notes()) > second + 3)
    assert notes()[second + 1]["neutral"]
    feeder.end()


@pytest.mark.parametrize(
    "command,how,begun",
    [
        ("/nonexistent", "was not found", "not found"),
        ("sh -c 'echo begun >&2; exit 3'", "has ended with exit code 3", "begun"),
    ],
)
def test_is_not_ready_by_a_program_that_ends_at_once_and_says_so_once(start_car, command, how, begun):
    car = start_car(f"exec:{command}", ready=False)
    assert how in car.wait_for(lambda line: parsed(line).get("why"))
    eventually(lambda: sum(line.endswith(begun) for line in car.err.all()) >= 3)  # it was started again twice
    assert not any(parsed(line).get("ready") for line in car.out.all())
    assert len([line for line in car.err.all() if "the motors are not ready" in line]) == 1, car.describe()
    assert not any("guard" in line for line in car.err.all())
    assert car.stop(signal.SIGTERM)[0] in (0, 1)  # 1: there was nothing to be told neutral just then


def test_notices_a_program_of_ones_own_that_does_not_read(start_car, program):
    car, notes, feeder = drive_program(start_car, *program)
    start = len(car.out.all())
    os.kill(notes()[0]["pid"], signal.SIGSTOP)
    assert "has not read its input for 500 ms" in car.wait_for(lambda line: parsed(line).get("why"), start)
    car.wait_for(lambda line: parsed(line).get("ready"), start)
    assert len([note for note in notes() if "pid" in note]) == 2
    feeder.end()


def test_tells_a_program_of_ones_own_to_stop_when_it_is_killed(start_car, program):
    motors, notes = program
    car = start_car(motors)
    car.begin()
    feeder = Feeder(car)
    eventually(lambda: notes() and notes()[-1].get("throttle") == 0.5)
    os.kill(car.pid, signal.SIGKILL)
    feeder.end()
    eventually(lambda: notes()[-1] == {"end": True})
    assert notes()[-2]["reason"] == "writer-killed"


# --- A socket, and systemd


def connected(path):
    def connect():
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(str(path))
        except OSError:
            client.close()
            return None
        return client

    return eventually(connect)


def test_listens_at_a_socket_that_its_owner_alone_reaches(start_car, tmp_path):
    path = tmp_path / "car.sock"
    car = start_car("print:", "--socket", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with connected(path) as first:
        first.sendall(f"{NEUTRAL}\n".encode())
        car.wait_for_position(lambda said: not said["reason"])
        with connected(path) as second:
            assert second.recv(1) == b"", "one that gives commands is enough"
        first.sendall(f"{drive(0, 1, life=60)}\n".encode())
        car.wait_for_position(moves)
    car.wait_for_position(lambda said: said["reason"] == "input-ended")
    with connected(path) as third:
        third.sendall(f"{NEUTRAL}\n{drive(0, -1)}\n".encode())
        car.wait_for_position(lambda said: said["throttle"] == -1)
    assert car.stop(signal.SIGTERM)[0] == 0
    assert not path.exists()


def test_takes_over_a_socket_that_was_left_behind(start_car, tmp_path):
    path = tmp_path / "car.sock"
    start_car("print:", "--socket", path).kill()
    start_car("print:", "--socket", path)
    other = run("car", "print:", "--socket", path)
    assert other.returncode == 1 and "another program listens" in other.stderr


def test_tells_systemd_that_it_lives(started, tmp_path):
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(str(path))
        notices.settimeout(60)
        started.append(Program("env", f"NOTIFY_SOCKET={path}", "WATCHDOG_USEC=200000", PROGRAM, "car", "print:"))
        said = {notices.recv(4096) for _ in range(6)}
        assert {b"READY=1", b"WATCHDOG=1", b"STATUS=The motors are ready"} <= said
        started[-1].stop(signal.SIGTERM)
        while notices.recv(4096) != b"STOPPING=1":
            pass


def test_says_what_it_takes(tmp_path):
    for words, expected in (
        (("car",), "motors"),
        (("car", "i2c-1"), "does not begin with pca9685:"),
        (("car", "print:", "--enable-gpio", "17"), "as gpiochip0:17"),
        (("car", "print:", "--ramp", "-1"), "--ramp"),
    ):
        refused = run(*words)
        assert refused.returncode == 2 and expected in refused.stderr, refused.stderr
    missing = run("car", "print:", "--enable-gpio", f"{tmp_path}/chip:1")
    assert missing.returncode == 1 and "No such file" in missing.stderr
