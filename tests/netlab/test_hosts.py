"""Hosts of the lab: how they see each other, behind routers and after a move, and that nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from lab import EMULATOR, Lab, LabError
from rate_trace import read_trace
from schedule import Schedule, act, names


# Of <linux/in.h>; Python doesn't name them.
IP_MTU_DISCOVER, IP_PMTUDISC_DO, IP_MTU = 10, 2, 14


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


def test_a_full_cone_lets_strangers_in_to_a_socket_that_has_called(lab):
    robot, server, viewer = lab.host("robot", nat="full-cone"), lab.host("server"), lab.host("viewer")
    with bound(robot) as own, bound(robot) as silent, bound(server) as called, bound(viewer) as stranger:
        seen = echo_of(robot, own, called)
        stranger.sendto(b"let me in", seen)
        assert own.recvfrom(100) == (b"let me in", stranger.getsockname())
        stranger.sendto(b"and here", (robot.link_address, silent.getsockname()[1]))
        silent.settimeout(0.3)
        with pytest.raises(TimeoutError):
            silent.recv(100)


def test_an_unknown_router_is_answered_by_those_that_there_are(lab):
    with pytest.raises(LabError, match="full-cone"):
        lab.host("robot", nat="conical")


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


def route_to(host, where):
    return host.run(f"ip route get {where.address}")


def test_a_host_with_two_links_takes_the_second_when_the_first_is_unplugged(lab):
    robot, server = lab.host("robot"), lab.host("server")
    lte = robot.add_link("lte", nat="symmetric")
    assert "dev robot" in route_to(robot, server)
    robot.links["robot"].unplug()
    assert "dev lte" in route_to(robot, server)
    assert robot.address not in robot.run("ip -4 address")
    with robot.socket() as own, bound(server) as other:
        assert echo_of(robot, own, other)[0] == lte.link_address
    robot.links["robot"].plug()
    assert "dev robot" in route_to(robot, server)
    with robot.socket() as own, bound(server) as other:
        assert echo_of(robot, own, other)[0] == robot.address


def test_a_socket_with_the_address_of_a_link_uses_that_link(lab):
    robot, server = lab.host("robot"), lab.host("server")
    lte = robot.add_link("lte")
    with robot.socket() as own, bound(server) as other:
        own.bind((lte.address, 0))
        assert echo_of(robot, own, other)[0] == lte.address
    assert lab.counters("lte", "up")["in"] == lab.counters("lte", "down")["in"] == 1


def test_the_default_route_goes_to_the_link_that_is_preferred(lab):
    robot, server = lab.host("robot"), lab.host("server")
    robot.add_link("lte")
    robot.prefer("lte")
    assert "dev lte" in route_to(robot, server)
    robot.prefer("robot")
    assert "dev robot" in route_to(robot, server)


def test_a_link_that_moves_while_it_is_unplugged_has_the_new_address_afterwards(lab):
    robot = lab.host("robot")
    robot.links["robot"].unplug()
    robot.move()
    robot.links["robot"].plug()
    assert robot.address == "10.1.1.2" and robot.address in robot.run("ip -4 address")


@pytest.fixture(name="lab6")
def fixture_lab6():
    with Lab(seed=1, ipv6=True) as lab:
        yield lab


def echo_of6(sender, receiver):
    """The IPv6 address that the receiver sees."""
    with sender.socket(family=socket.AF_INET6) as sending, receiver.socket(family=socket.AF_INET6) as receiving:
        receiving.bind((receiver.address6, 0))
        return echo_of(sender, sending, receiving)[0]


@pytest.mark.parametrize("nat", [None, "cone"])
def test_hosts_have_ipv6_if_the_lab_has(lab6, nat):
    robot, server = lab6.host("robot", nat=nat), lab6.host("server")
    assert echo_of6(robot, server) == robot.address6
    robot.move()
    assert echo_of6(robot, server) == robot.address6
    assert lab6.counters("robot", "up")["out"] == 2


def test_a_router_lets_nobody_in_by_ipv6_either(lab6):
    robot, server = lab6.host("robot", nat="full-cone"), lab6.host("server")
    with robot.socket(family=socket.AF_INET6) as own, server.socket(family=socket.AF_INET6) as stranger:
        own.bind((robot.address6, 0))
        stranger.sendto(b"let me in", own.getsockname())
        own.settimeout(0.3)
        with pytest.raises(TimeoutError):
            own.recv(100)


@pytest.mark.parametrize("nat", [None, "cone"])
def test_a_link_without_traffic_carries_none_of_ipv6s_own(lab6, nat):
    robot = lab6.host("robot", nat=nat)
    robot.move()
    time.sleep(1.5)  # the kernel's own come within a second
    assert [lab6.counters("robot", direction)["in"] for direction in ("up", "down")] == [0, 0]


def test_a_lab_without_ipv6_says_so(lab):
    with pytest.raises(LabError, match="ipv6=True"):
        print(lab.host("robot").address6)


def test_a_sender_is_told_of_a_links_mtu(lab):
    robot, server = lab.host("robot", nat="cone"), lab.host("server")
    robot.links["robot"].set_mtu(1300)
    with robot.socket() as own, bound(server) as other:
        own.connect(other.getsockname())
        own.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO)
        own.send(bytes(1400 - 28))
        until = time.monotonic() + 10
        while own.getsockopt(socket.IPPROTO_IP, IP_MTU) != 1300:
            assert time.monotonic() < until
            time.sleep(0.01)


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
    for _, words in schedule.later_events():
        act(lab, words)


def test_an_unknown_schedule_is_answered_by_those_that_there_are():
    with pytest.raises(LabError, match="lte-drive"):
        Schedule.named("nowhere")


@pytest.mark.parametrize("line", ["x robot up delay=1", "1 robot", "1 robot go", "1", "1 robot link lte", "1 robot mtu much", "1 robot up"])
def test_a_malformed_schedule_is_refused(tmp_path, line):
    path = tmp_path / "schedule"
    path.write_text(f"{line}\n5 end\n", encoding="utf-8")
    with pytest.raises(LabError, match="line 1"):
        Schedule(path)


def written(tmp_path, text):
    path = tmp_path / "trace"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_trace_becomes_settings_by_time(tmp_path):
    written(tmp_path, "# a comment\n0 3000 20 0.5\n1.5 0\n2 800\n")
    path = tmp_path / "schedule"
    path.write_text(f"10 robot up trace={tmp_path}/trace\n20 end\n", encoding="utf-8")
    assert Schedule(path).settings == [
        (10, "robot up hold=0 rate=3000 delay=20 loss=0.5"),
        (11.5, "robot up hold=1"),
        (12, "robot up hold=0 rate=800"),
    ]


def test_a_trace_of_mahimahi_is_counted_in_steps(tmp_path):
    # 3 packets of 1500 bytes in the first 100 ms, one in the second, none in the third, one in the fourth.
    samples = read_trace(written(tmp_path, "1\n50\n50\n100\n399\n"))
    assert [(sample.seconds, sample.kbps) for sample in samples] == [(0, 360), (0.1, 120), (0.2, 0), (0.3, 120)]


@pytest.mark.parametrize("text", ["", "# nothing\n", "0 1000\n0 2000\n", "0 x\n", "0 -5\n", "0 1 2 3 4\n", "0 nan\n"])
def test_a_malformed_trace_is_refused(tmp_path, text):
    with pytest.raises(LabError, match="trace"):
        read_trace(written(tmp_path, text))


def test_a_trace_that_is_not_there_is_named():
    with pytest.raises(LabError, match="nowhere"):
        read_trace("nowhere")


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
