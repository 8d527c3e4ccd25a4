"""`rtcpub devices` on machines with and without cameras and encoders."""

import json
import subprocess

import pytest
from hardware import machine
from program import DEADLINE, PROGRAM, run

JETSON = ["nvarguscamerasrc", "nvvidconv", "nvv4l2h264enc", "v4l2src"]


def devices_on(variables, *options):
    """What `rtcpub devices` prints there; it must go well."""
    command = ["/usr/bin/env", *variables, PROGRAM, "devices", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def json_on(variables):
    return json.loads(devices_on(variables, "--json"))


def chosen(devices):
    return [encoder["name"] for encoder in devices["encoders"] if encoder["chosen"]]


def test_each_camera_comes_with_its_modes_and_the_uri_to_use():
    cameras = {camera["uri"]: camera for camera in json_on(machine())["cameras"]}
    assert cameras["v4l2:/dev/video0"]["name"] == "Front Camera"
    assert {"format": "YUY2", "width": 640, "height": 480, "fps": 30} in cameras["v4l2:/dev/video0"]["modes"]
    assert {mode["format"] for mode in cameras["v4l2:/dev/video2"]["modes"]} == {"MJPEG"}
    assert {mode["format"] for mode in cameras["v4l2:/dev/video4"]["modes"]} == {"H264"}
    assert "libcamera:/base/soc/i2c0mux/i2c@1/imx219@10" in cameras


def test_a_jetsons_sensors_are_named_as_argus_opens_them():
    uris = [camera["uri"] for camera in json_on(machine(JETSON))["cameras"]]
    assert "csi:0" in uris and "csi:1" in uris
    assert "v4l2:/dev/video10" not in uris, "a sensor's Bayer pattern is of no use"


def test_people_get_lines_to_type():
    text = devices_on(machine())
    for uri in ("v4l2:/dev/video0", "csi:0", "libcamera:/base/soc/i2c0mux/i2c@1/imx219@10"):
        assert f"--video {uri}\n" in text


@pytest.mark.parametrize(
    "encoder", ["nvv4l2h264enc", "v4l2h264enc", "vah264enc", "vaapih264enc", "nvh264enc", "qsvh264enc"]
)
def test_the_machines_hardware_encoder_is_chosen(encoder):
    devices = json_on(machine([encoder, "nvvidconv"]))
    assert chosen(devices) == [encoder]
    assert [each["available"] for each in devices["encoders"] if each["name"] == encoder] == [True]


def test_an_encoder_that_does_not_open_is_not_chosen():
    devices = json_on(machine(["nvv4l2h264enc", "nvvidconv"], nvv4l2h264enc="open=busy"))
    assert chosen(devices) == ["x264enc"]
    hints = [each.get("hint") for each in devices["encoders"] if each["name"] == "nvv4l2h264enc"]
    assert hints[0] and "\n" not in hints[0]


def test_without_a_camera_it_says_so_and_what_to_try():
    variables = ["DISPLAY=", *machine(cameras=[])]
    text = devices_on(variables)
    assert "Cameras: none" in text and "send a test picture: 'test:" in text
    assert json_on(variables)["cameras"] == []


def test_a_missing_plugin_is_named_with_its_package():
    assert "install gstreamer1.0-libcamera" in devices_on(machine(["v4l2src"]))
    assert "install gstreamer1.0-plugins-good" in devices_on(machine(["libcamerasrc"]))


def test_the_screen_counts_where_there_is_one():
    uris = [camera["uri"] for camera in json_on(["DISPLAY=:7", *machine()])["cameras"]]
    assert "screen::7" in uris


def test_it_works_on_the_machine_that_runs_the_tests():
    done = run("devices", "--json")
    assert done.returncode == 0, done.stderr
    devices = json.loads(done.stdout)
    assert len(chosen(devices)) == 1
