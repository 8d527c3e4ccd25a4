"""The machine's encoders, chosen, forced and replaced when they fail."""

import subprocess

import pytest
from hardware import machine, program_on
from program import DEADLINE, PROGRAM

VIDEO = "test:?size=640x480&fps=30&stamp"
HARDWARE = ["nvv4l2h264enc", "v4l2h264enc", "vah264enc", "vaapih264enc", "nvh264enc", "qsvh264enc"]


@pytest.fixture(name="publish_on")
def fixture_publish_on(started, server, channel):
    """Starts a publisher of the test pattern on a machine (variables as `env` takes them)."""

    def publish_on(variables, *options):
        publisher = program_on(variables, "publish", "--server", server.ws, "--channel", channel, "--video", VIDEO,
                               "--stats", *options)  # fmt: skip
        started.append(publisher)
        publisher.wait_for_line("success")
        return publisher

    return publish_on


def encoder(stats):
    return stats.get("video", {}).get("encoder")


def wait_for_encoder(publisher, name):
    publisher.wait_for_stats(lambda stats: encoder(stats) == name)


@pytest.mark.parametrize("name", HARDWARE)
def test_the_machines_hardware_encodes_what_the_viewer_sees(publish_on, subscribe, name):
    publisher = publish_on(machine([name, "nvvidconv"]))
    viewer = subscribe("--stats")
    viewer.wait_for_frames(60)
    wait_for_encoder(publisher, name)


def test_a_late_viewer_gets_a_key_frame_of_the_hardware(publish_on, subscribe):
    publish_on(machine(["nvv4l2h264enc", "nvvidconv"]), "--key-interval", 3000)
    subscribe("--stats").wait_for_frames(10)
    subscribe("--stats").wait_for_frames(10)


@pytest.mark.parametrize("fault", ["error", "stall"])
def test_an_encoder_that_fails_is_replaced_without_an_end(publish_on, subscribe, fault):
    publisher = publish_on(machine(["vah264enc"], vah264enc=f"frames=60,then={fault}"))
    viewer = subscribe("--stats")
    wait_for_encoder(publisher, "vah264enc")
    wait_for_encoder(publisher, "x264enc")
    viewer.wait_for_frames(60)
    assert viewer.running() and publisher.running()


def test_an_encoder_is_forced_by_its_name(publish_on, subscribe):
    publisher = publish_on(machine(["vah264enc", "nvh264enc"]), "--encoder", "nvh264enc")
    subscribe("--stats").wait_for_frames(10)
    wait_for_encoder(publisher, "nvh264enc")


def test_intra_refresh_still_gives_a_late_viewer_its_key_frame(publish_on, subscribe):
    publisher = publish_on(machine([]), "--encoder", "x264enc", "--intra-refresh", "--key-interval", 3000)
    subscribe("--stats").wait_for_frames(60)
    wait_for_encoder(publisher, "x264enc")
    subscribe("--stats").wait_for_frames(10)


@pytest.mark.parametrize("name", ["vah264enc", "nonsense"])
def test_an_encoder_that_is_not_there_is_told_in_one_sentence(server, channel, name):
    command = ["/usr/bin/env", *machine(["nvh264enc"]), PROGRAM, "publish", "--server", server.ws, "--channel", channel,
               "--video", VIDEO, "--encoder", name]  # fmt: skip
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE,
                          check=False)  # fmt: skip
    assert done.returncode == 1
    assert name in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_a_size_that_the_encoder_does_not_take_is_scaled_down_and_told(start, server, channel, subscribe):
    publisher = start("publish", "--server", server.ws, "--channel", channel, "--encoder", "openh264",
                      "--video", "test:?size=4608x2592&fps=2")  # fmt: skip
    seen = subscribe("--stats").wait_for_frames(2)
    assert (seen["video"]["width"], seen["video"]["height"]) == (3456, 1944)
    publisher.wait_for_error("OpenH264 takes no pictures of 4608x2592: 3456x1944 is sent")


def test_an_encoder_that_fails_at_a_size_that_the_built_in_one_does_not_take_ends_nothing(
    started, server, channel, subscribe
):
    publisher = program_on(machine(["vah264enc"], vah264enc="frames=4,then=error"), "publish", "--server", server.ws,
                           "--channel", channel, "--video", "test:?size=4608x2592&fps=2",
                           "--encoder", "vah264enc", "--stats")  # fmt: skip
    started.append(publisher)
    wait_for_encoder(publisher, "OpenH264")
    subscribe("--stats").wait_for_frames(2)
    assert publisher.running()
