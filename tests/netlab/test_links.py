"""The emulator, measured between two hosts: what it does is what was asked for."""

import time
from socket import SOCK_STREAM
from statistics import median

import pytest
from lab import Lab, LabError
from probe import Probe


@pytest.fixture(name="probe")
def fixture_probe(lab):
    """From the robot, whose link the tests impair, to the server."""
    robot, server = lab.host("robot"), lab.host("server")
    with Probe(robot, server) as probe:
        yield probe


def delays(probe):
    return [arrival.delay for arrival in probe.arrivals]


def bits_per_second(arrivals):
    """The first one only starts the clock."""
    return sum(arrival.size for arrival in arrivals[1:]) * 8 / (arrivals[-1].came - arrivals[0].came)


def test_the_delay_is_what_was_asked_for(lab, probe):
    lab.set("robot", "up", delay=30)
    lab.set("server", "down", delay=10)
    lab.set("robot", "down", delay=500)  # the other direction's own
    probe.send(200, 0.005)
    probe.listen_for(0.2)
    assert len(probe.arrivals) == 200
    assert median(delays(probe)) == pytest.approx(0.040, rel=0.05)
    assert min(delays(probe)) >= 0.040


def test_the_jitter_is_what_was_asked_for_and_keeps_the_order(lab, probe):
    lab.set("robot", "up", delay=20, jitter=(0, 40))
    probe.send(500, 0.005)
    probe.listen_for(0.2)
    numbers = [arrival.number for arrival in probe.arrivals]
    assert numbers == list(range(500))
    # None is early; one that waits for its forerunners is late, so that few have the shortest delay.
    assert 0.020 <= min(delays(probe)) < 0.035
    assert 0.040 < median(delays(probe)) < 0.060


def test_the_loss_is_what_was_asked_for(lab, probe):
    lab.set("robot", "up", loss=10)
    probe.send(20_000, 0.00015)
    probe.listen_for(0.2)
    lost = probe.sent - len(probe.arrivals)
    assert lost / probe.sent == pytest.approx(0.10, rel=0.05)
    assert lab.counters("robot", "up")["lost"] == lost


def survivors(seed):
    """Which of 200 packets come through half a link."""
    with Lab(seed) as lab, Probe(lab.host("robot"), lab.host("server")) as probe:
        lab.set("robot", "up", loss=50)
        probe.send(200, 0.0005)
        probe.listen_for(0.1)
        return [arrival.number for arrival in probe.arrivals]


def test_the_seed_decides_which_packets_are_lost():
    first = survivors(seed=5)
    assert survivors(seed=5) == first
    assert survivors(seed=6) != first


def test_the_rate_and_the_queue_are_what_was_asked_for(lab, probe):
    lab.set("robot", "up", delay=20, rate=5000, queue=100)
    probe.send(3000, 0.001, size=1000)  # 8 Mbit/s
    probe.listen_for(0.3)
    assert bits_per_second(probe.arrivals) == pytest.approx(5e6, rel=0.05)
    # Once full: the way, 100 ms of waiting and 1.6 ms of sending.
    assert median(delays(probe)[1000:]) == pytest.approx(0.121, rel=0.05)
    counters = lab.counters("robot", "up")
    assert counters["in"] == counters["out"] + counters["queue"]


def test_nothing_passes_during_an_outage_and_everything_afterwards(lab, probe):
    lab.set("robot", at=0.5, down=1)
    lab.set("robot", at=1.0, down=0)
    lab.start()
    began = time.monotonic()
    probe.send(300, 0.005)
    probe.listen_for(0.1)
    missing = set(range(300)) - {arrival.number for arrival in probe.arrivals}
    assert len(missing) == pytest.approx(100, rel=0.05)
    assert not [arrival for arrival in probe.arrivals if 0.51 < arrival.sent - began < 0.99]


def test_a_link_changes_while_it_runs(lab, probe):
    lab.set("robot", "up", delay=20, rate=8000)
    probe.send(100, 0.005)
    lab.set("robot", "up", delay=60)
    probe.send(100, 0.005)
    lab.set("robot", "up", rate=2000, queue=50)
    probe.send(1000, 0.001, size=1000)
    probe.listen_for(0.3)
    assert median(delays(probe)[:100]) == pytest.approx(0.020, rel=0.05)
    assert median(delays(probe)[100:200]) == pytest.approx(0.060, rel=0.05)
    assert bits_per_second(probe.arrivals[250:]) == pytest.approx(2e6, rel=0.05)


def test_blocked_udp_does_not_block_tcp(lab, probe):
    lab.set("robot", no_udp=1)
    probe.send(20, 0.005)
    probe.listen_for(0.1)
    assert not probe.arrivals
    assert tcp_connects(lab)


def tcp_connects(lab):
    server = lab.hosts["server"]
    with server.socket(SOCK_STREAM) as listening, lab.hosts["robot"].socket(SOCK_STREAM) as client:
        listening.bind((server.address, 0))
        listening.listen()
        client.settimeout(10)
        client.connect(listening.getsockname())
        return True


def test_an_idle_link_takes_no_time_of_the_processor(lab, probe):
    lab.set("robot", delay=20, rate=5000)
    probe.send(10, 0.005)
    probe.listen_for(0.1)
    before = ticks(lab.emulator_pid)
    probe.listen_for(1)
    assert ticks(lab.emulator_pid) - before <= 2  # of 10 ms


def ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_what_is_no_setting_is_refused_and_changes_nothing(lab, probe):
    with pytest.raises(LabError, match="'speed=5' is no setting of a link"):
        lab.set("robot", delay=500, speed=5)
    with pytest.raises(LabError, match="there is no link 'car'"):
        lab.set("car", delay=5)
    probe.send(1, 0)
    probe.listen_for(0.1)
    assert probe.arrivals[0].delay < 0.1
