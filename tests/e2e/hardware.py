"""A machine with the cameras and encoders of tests/gst_plugin: its README says what they do."""

import hashlib
import os
import pathlib

from program import PROGRAM, Program

PLUGINS = pathlib.Path(os.environ.get("RTCPUB_FAKE_PLUGINS", "build/release/tests/gst_plugin")).absolute()

# (U, V) of the pictures, about: limited range, BT.601 or BT.709.
COLOURS = {
    "red": (100, 240),
    "green": (48, 30),
    "blue": (240, 114),
    "yellow": (16, 144),
    "magenta": (208, 224),
    "cyan": (156, 16),
}


def machine(elements=None, cameras=None, **faults):
    """What `env` takes to make programs see a machine: with these elements and cameras, all without a list;
    `faults` by element, as in v4l2src="open=busy"."""
    registry = hashlib.sha256(repr(elements).encode()).hexdigest()[:12]
    variables = {
        "GST_PLUGIN_SYSTEM_PATH_1_0": PLUGINS / "system",
        "GST_PLUGIN_PATH_1_0": PLUGINS / "fakes",
        "GST_REGISTRY_1_0": PLUGINS / f"registry-{registry}.bin",
    }
    if elements is not None:
        variables["RTCPUB_FAKE_ELEMENTS"] = ",".join(elements)
    if cameras is not None:
        variables["RTCPUB_FAKE_CAMERAS"] = ",".join(cameras)
    variables |= {f"RTCPUB_FAKE_{element.upper()}": fault for element, fault in faults.items()}
    return [f"{name}={value}" for name, value in variables.items()]


def program_on(variables, *arguments):
    """Starts `rtcpub ARGUMENTS` with these variables, "NAME=VALUE" each."""
    return Program("/usr/bin/env", *variables, PROGRAM, *arguments)


def colour_of(picture):
    """The name of the colour that a picture (luma, u, v) has in its middle; None for another one."""
    _, u, v = (plane[plane.shape[0] // 2 - 4 : plane.shape[0] // 2 + 4].mean() for plane in picture)
    near = [name for name, (x, y) in COLOURS.items() if abs(u - x) < 24 and abs(v - y) < 24]
    return near[0] if near else None


def bright_corner(picture):
    """Where the bright square of the cameras' pictures is: "upper left", say; None if nowhere."""
    luma = picture[0]
    height, width = luma.shape
    middle = int(luma[height // 2, width // 2])
    places = {
        "upper left": luma[4:12, 4:12],
        "upper right": luma[4:12, width - 12 : width - 4],
        "lower left": luma[height - 12 : height - 4, 4:12],
        "lower right": luma[height - 12 : height - 4, width - 12 : width - 4],
    }
    bright = [name for name, patch in places.items() if patch.mean() > middle + 10]
    return bright[0] if len(bright) == 1 else None
