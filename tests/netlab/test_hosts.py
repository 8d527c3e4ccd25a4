"""Hosts of the lab: how they see each other, behind routers and after a move, and that nothing stays behind."""

import os
import signal
import subprocess
import sys
import time

import pytest
from lab import EMULATOR, Lab, LabError, Schedule, names


def echo_of(sender, sending, receiving):
    """Sends to the bound socket; the address that the receiver sees, which answers there."""
    sending.sendto(b"where am I?", receiving.getsockname())
    receiving.settimeout(10)
    _, seen = receiving.recvfrom(100)
    receiving.sendto(b"there", seen)
    sending.settimeout(10)
    assert sending.recv(100) == b"there", sender.name
    return seen


def bound(host):
    made = host.socket()
    made.bind((host.address, 0))
    return made


def mappings(lab, nat):
    """How two hosts see the same socket of a robot behind a router: (address, port) twice, and its own port."""
    robot, server, viewer = lab.host("robot", nat=nat), lab.host("server"), lab.host("viewer")
    with bound(robot) as own, bound(server) as first, bound(viewer) as second:
        seen = echo_of(robot, own, first), echo_of(robot, own, second)
        assert {address for address, _ in seen} == {robot.link_address}
        return seen


def test_a_cone_maps_a_socket_to_one_port_for_all(lab):
    first, second = mappings(lab, "cone")
    assert first == second


def test_a_symmetric_router_maps_a_socket_to_another_port_for_each(lab):
    first, second = mappings(lab, "symmetric")
    assert first[1] != second[1]


@pytest.mark.parametrize("nat", ["cone", "symmetric"])
def test_a_router_lets_nobody_in_who_was_not_called(lab, nat):
    robot, server, viewer = lab.host("robot", nat=nat), lab.host("server"), lab.host("viewer")
    with bound(robot) as own, bound(server) as called, bound(viewer) as stranger:
        seen = echo_of(robot, own, called)
        stranger.sendto(b"let me in", seen)
        called.sendto(b"it is me", seen)
        assert own.recv(100) == b"it is me"
        own.settimeout(0.3)
        with pytest.raises(TimeoutError):
            own.recv(100)


def test_a_host_that_moves_has_another_address_and_not_the_old_one(lab):
    robot, server = lab.host("robot"), lab.host("server")
    old = robot.address
    robot.move()
    assert robot.address != old
    assert old not in robot.run("ip -4 address")
    with bound(robot) as own, bound(server) as other:
        assert echo_of(robot, own, other)[0] == robot.address


def test_a_router_that_moves_keeps_its_host(lab):
    robot, server = lab.host("robot", nat="cone"), lab.host("server")
    with bound(robot) as own, bound(server) as other:
        before = echo_of(robot, own, other)[0]
        robot.move()
        assert echo_of(robot, own, other)[0] == robot.link_address != before


def test_a_host_that_is_there_already_is_refused(lab):
    lab.host("robot")
    with pytest.raises(LabError, match="robot"):
        lab.host("robot")


@pytest.mark.parametrize("name", names())
def test_each_schedule_is_one_that_the_emulator_takes(lab, name):
    for host in ("robot", "server", "viewer"):
        lab.host(host)
    schedule = Schedule.named(name)
    schedule.prepare(lab)
    assert {host for _, host in schedule.moves} <= set(lab.hosts)


def test_an_unknown_schedule_is_answered_by_those_that_there_are():
    with pytest.raises(LabError, match="lte-drive"):
        Schedule.named("nowhere")


@pytest.mark.parametrize("line", ["x robot up delay=1", "1 robot", "1 robot go", "1"])
def test_a_malformed_schedule_is_refused(tmp_path, line):
    path = tmp_path / "schedule"
    path.write_text(f"{line}\n5 end\n", encoding="utf-8")
    with pytest.raises(LabError, match="line 1"):
        Schedule(path)


def alive(pid):
    return os.path.exists(f"/proc/{pid}")


def children_of(pid):
    """Those of its main thread, which starts all of a lab's."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return [int(child) for child in children.read().split()]


def test_nothing_is_left_of_a_lab_whose_process_is_killed():
    script = (
        "import subprocess, time; from lab import Lab; lab = Lab(); robot = lab.host('robot', nat='cone');"
        "subprocess.Popen(robot.command('sleep', '1000')); print('ready', flush=True); time.sleep(1000)"
    )
    process = subprocess.Popen(
        [sys.executable, "-B", "-c", script], stdout=subprocess.PIPE, cwd=os.path.dirname(os.path.abspath(__file__)),
        env=os.environ | {"NETLAB_LINK": os.path.abspath(EMULATOR)},
    )  # fmt: skip
    assert process.stdout.readline() == b"ready\n"
    children = children_of(process.pid)
    assert len(children) == 5  # three namespaces, the emulator, the sleeper
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    until = time.monotonic() + 10
    while left := [child for child in children if alive(child)]:
        assert time.monotonic() < until, f"left: {left}"
        time.sleep(0.02)


def test_a_lab_that_fails_to_start_leaves_nothing(monkeypatch):
    monkeypatch.setattr("lab.EMULATOR", "/nonexistent/netlab_link")
    before = children_of(os.getpid())
    with pytest.raises(LabError, match="is not built"):
        Lab()
    assert children_of(os.getpid()) == before
