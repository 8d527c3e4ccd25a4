#!/usr/bin/env python3
"""check_includes.py ROOT: who may include whom, as docs/architecture.md says. Prints what it refuses; exit code 1 if anything."""
import pathlib
import re
import sys

# The rooms of src/ and the rooms that each may include, besides itself and include/rtcpub.
ROOMS = {
    "core": set(),
    "log": set(),
    "engine": {"core", "log"},
    "media": {"core", "log"},
    "peer": {"core", "engine", "log"},
    "sfu/router": {"core"},
    "sfu/transport": {"core", "engine", "log", "sfu/router"},
    "sfu": {"core", "engine", "log", "sfu/router", "sfu/transport"},
    "net": {"core", "log"},
    "auth": {"core", "log"},
    "metrics": {"core"},
    "car": {"core", "log"},
    "sim": {"core", "log"},
    "app": {"auth", "core", "log", "media", "metrics", "net", "peer", "sfu"},
    "cli": set(),
}
# Third-party libraries: how their includes look, and where they may stand.
LIBRARIES = {
    "libwebrtc": (re.compile(r"^(api|pc|p2p|rtc_base|modules|media|call|net/dcsctp|common_video|system_wrappers|absl)/"),
                  {"peer", "sfu/transport", "engine"}),
    "libsrtp": (re.compile(r"^srtp2/"), {"engine"}),
    "Boost": (re.compile(r"^boost/"), {"net"}),
    "GStreamer": (re.compile(r"^(gst|glib)"), {"media"}),
    "libyuv": (re.compile(r"^libyuv(\.h$|/)"), {"media", "peer"}),
    "OpenSSL": (re.compile(r"^openssl/"), {"auth", "net", "engine", "peer"}),
    "libjwt": (re.compile(r"^jwt\.h$"), {"auth"}),
    "libgpiod": (re.compile(r"^gpiod\.h$"), {"car"}),
    "nlohmann-json": (re.compile(r"^nlohmann/"), {"core", "net", "app"}),
    "spdlog": (re.compile(r"^spdlog/"), {"log", "engine"}),
    "CLI11": (re.compile(r"^CLI/"), {"cli"}),
    "toml++": (re.compile(r"^toml\+\+/"), {"cli"}),
    "prometheus-cpp": (re.compile(r"^prometheus/"), {"metrics"}),
    "libqrencode": (re.compile(r"^qrencode\.h$"), {"cli"}),
}
# The folders of core and what each may include of core, besides itself and what is GROUND.
GROUND = {"core", "core/clock", "core/limits", "core/measure", "core/text"}
CORE = {
    "core": {"core/text"},
    "core/text": set(),
    "core/clock": set(),
    "core/limits": {"core/clock"},
    "core/measure": set(),
    "core/address": GROUND,
    "core/data": GROUND,
    "core/h264": GROUND,
    "core/sdp": GROUND,
    "core/source": GROUND,
    "core/stun": GROUND,
    "core/video": GROUND,
    "core/ice": GROUND | {"core/address"},
    "core/access": GROUND | {"core/address"},
    "core/control": GROUND | {"core/data"},
    "core/car": GROUND,
    "core/sim": GROUND,
    "core/hub": GROUND | {"core/access", "core/control"},
    "core/spider": GROUND | {"core/hub", "core/ice", "core/sdp"},
    "core/session": GROUND | {"core/ice", "core/sdp", "core/source", "core/spider", "core/stun"},
    "core/doctor": GROUND | {"core/address", "core/ice", "core/stun"},
}
# The folders of app that know of no other one, and who may know of Spider's messages.
APP = {"app/client": set(), "app/server": set(), "app/doctor": {"app/client"}}
SPIDER_MESSAGES = re.compile(r"^core/spider/")
SPIDER_WORDS = re.compile(r"\bspider::")
SPEAK_SPIDER = re.compile(r"^(core/spider/|core/session/spider_carrier|app/server/(spider_|web_socket_only))")
MOST_FILES_AT_THE_DOOR = 15  # of core: what is there belongs to every theme
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.MULTILINE)
CLOCK = re.compile(r"\b(now|monotonicNow)\s*\(\s*\)")
# Which libwebrtc it is, and where one may ask.
WHICH_LIBWEBRTC = re.compile(r"\bRTCPUB_LIBWEBRTC\b")
COMPAT = "engine/compat/"
PURE = ("core", "sfu/router")
TEST_LIBRARIES = re.compile(r"^(gtest|gmock)/")


def room_of(path):
    """The longest room name that `path`, relative to src/, lies in."""
    matches = [room for room in ROOMS if path.startswith(room + "/")]
    return max(matches, key=len, default=None)


def library_of(include):
    return next((name for name, (pattern, _) in LIBRARIES.items() if pattern.match(include)), None)


def check_include(source, room, include):
    """What is wrong with one include of a file in `room`, or None."""
    library = library_of(include)
    if include.startswith("rtcpub/") or ("/" not in include and not library) or TEST_LIBRARIES.match(include):
        return None
    if (source / include).is_file():
        target = room_of(include)
        allowed = target == room or target in ROOMS[room]
        return None if allowed else f"{room} may not include {target}"
    if library and room not in LIBRARIES[library][1]:
        return f"{room} may not include {library}"
    return None


def folder_of(path):
    return path.rpartition("/")[0]


def check_folders(relative, include):
    """What is wrong with an include from one folder of core or app in another, or of Spider's messages; or None."""
    folder, target = folder_of(relative), folder_of(include)
    for room, folders in (("core", CORE), ("app", APP)):
        inside = relative.startswith(f"{room}/") and include.startswith(f"{room}/")
        if inside and target != folder and target not in folders.get(folder, set()):
            return f"{folder} may not include {target}"
    if SPIDER_MESSAGES.match(include) and not SPEAK_SPIDER.match(relative):
        return "only Spider's carrier and its door know of its messages"
    return None


def check_source(source, path):
    relative = path.relative_to(source).as_posix()
    room = room_of(relative)
    if room is None:
        return [f"src/{relative}: lies in no room"]
    text = path.read_text()
    found = []
    for include in INCLUDE.findall(text):
        problem = check_include(source, room, include) or check_folders(relative, include)
        if problem:
            found.append(f"src/{relative}: {problem} ({include})")
    if SPIDER_WORDS.search(text) and not SPEAK_SPIDER.match(relative):
        found.append(f"src/{relative}: names what is Spider's (spider::); what is the house's own has a type of its own")
    if room in PURE and not relative.endswith("_test.cc") and CLOCK.search(text):
        found.append(f"src/{relative}: reads a clock; {room} takes the time as an argument")
    if WHICH_LIBWEBRTC.search(text) and not relative.startswith(COMPAT):
        found.append(f"src/{relative}: asks which libwebrtc it is; what differs stands in src/{COMPAT}")
    return found


def check_public_header(root, path):
    """Public headers name the standard library, each other and tl::expected."""
    found = []
    for include in INCLUDE.findall(path.read_text()):
        if not include.startswith("rtcpub/") and include != "tl/expected.hpp" and ("/" in include or include.endswith(".h")):
            found.append(f"{path.relative_to(root)}: a public header includes {include}")
    return found


def check_door(source):
    """What lies in core itself: little, and each folder of it has its rule."""
    files = [path for path in (source / "core").glob("*") if path.suffix in (".h", ".cc")]
    folders = [f"core/{path.name}" for path in (source / "core").glob("*") if path.is_dir()]
    found = [f"src/{folder}: has no rule about what it may include" for folder in sorted(folders) if folder not in CORE]
    if len(files) > MOST_FILES_AT_THE_DOOR:
        found.append(f"src/core: {len(files)} files at the door, {MOST_FILES_AT_THE_DOOR} at most: give them a folder")
    return found


def check(root):
    source = root / "src"
    found = check_door(source)
    for path in sorted(source.rglob("*")):
        if path.suffix in (".h", ".cc"):
            found += check_source(source, path)
    for path in sorted((root / "include").rglob("*.h")):
        found += check_public_header(root, path)
    return found


def main():
    problems = check(pathlib.Path(sys.argv[1]))
    print("\n".join(problems) or "every include is allowed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
