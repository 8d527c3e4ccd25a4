#include "cameras.h"

#include <glib.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>

namespace rtcpub::fake {
namespace {

struct Mode {
  int width;
  int height;
  int fps;
};

std::string modes(const std::string& type, const std::vector<Mode>& list) {
  std::string caps;
  for (const Mode& mode : list) {
    if (!caps.empty()) caps += "; ";
    caps += type + ",width=" + std::to_string(mode.width) +
            ",height=" + std::to_string(mode.height) + ",framerate=" + std::to_string(mode.fps) +
            "/1";
  }
  return caps;
}

// What encoders of cameras take.
const char* const kRaw = "video/x-raw,format=(string)I420";

Camera rawCamera() {
  const std::vector<Mode> list{{640, 480, 30}, {1280, 720, 30}, {320, 240, 15}};
  const std::string caps = modes("video/x-raw,format=(string)YUY2", list) + "; " +
                           modes("video/x-raw,format=(string)NV12", list);
  return {Api::kV4l2,   "/dev/video0", "Front Camera", "uvcvideo",
          Coding::kRaw, caps,          caps,           0xFFFF0000};
}

Camera jpegCamera() {
  const std::vector<Mode> list{{640, 480, 30}, {1280, 720, 30}, {1920, 1080, 30}};
  return {Api::kV4l2,        "/dev/video2", "Rear Camera",
          "uvcvideo",        Coding::kJpeg, modes("image/jpeg", list),
          modes(kRaw, list), 0xFF00FF00};
}

Camera h264Camera() {
  const std::vector<Mode> list{{1280, 720, 30}, {1920, 1080, 30}};
  return {Api::kV4l2,
          "/dev/video4",
          "H264 Camera",
          "uvcvideo",
          Coding::kH264,
          modes("video/x-h264,stream-format=(string)byte-stream,alignment=(string)au", list),
          modes(kRaw, list),
          0xFF0000FF};
}

// As V4L2 shows the sensors of a Jetson: Bayer patterns, which are of no use without Argus.
Camera sensorPort(int number) {
  const std::string caps =
      modes("video/x-bayer,format=(string)rggb", {{1280, 720, 60}, {1920, 1080, 30}});
  return {Api::kV4l2,
          "/dev/video" + std::to_string(10 + number),
          "vi-output, imx219 " + std::to_string(9 + number) + "-0010",
          "tegra-video",
          Coding::kRaw,
          caps,
          caps,
          0xFF808080};
}

Camera argusSensor(int number, unsigned colour) {
  const std::vector<Mode> list{
      {1280, 720, 60}, {1280, 720, 30}, {1920, 1080, 30}, {3280, 2464, 21}};
  return {Api::kArgus,
          std::to_string(number),
          "CSI sensor " + std::to_string(number),
          "",
          Coding::kRaw,
          modes("video/x-raw(memory:NVMM),format=(string)NV12", list),
          modes("video/x-raw,format=(string)NV12", list),
          colour};
}

Camera libcamera(const std::string& id, const std::string& label, unsigned colour) {
  const std::vector<Mode> list{{640, 480, 30}, {1280, 720, 30}, {1920, 1080, 30}};
  const std::string caps = modes("video/x-raw,format=(string)NV12", list) + "; " +
                           modes("video/x-raw,format=(string)YUY2", list);
  return {Api::kLibcamera, id, label, "", Coding::kRaw, caps, caps, colour};
}

std::vector<Camera> allCameras() {
  return {rawCamera(),
          jpegCamera(),
          h264Camera(),
          sensorPort(0),
          sensorPort(1),
          argusSensor(0, 0xFFFFFF00),
          argusSensor(1, 0xFFFF00FF),
          libcamera("/base/soc/i2c0mux/i2c@1/imx219@10", "imx219", 0xFF00FFFF),
          libcamera("/base/soc/i2c0mux/i2c@0/ov5647@36", "ov5647", 0xFF804000)};
}

bool listed(const std::string& list, const std::string& id) {
  std::istringstream stream(list);
  for (std::string part; std::getline(stream, part, ',');) {
    if (part == id) return true;
  }
  return false;
}

// The list itself, or what a file of this name has in its first line now: cameras can be plugged in
// and out.
std::string readList(const std::string& text) {
  if (!text.starts_with('@')) return text;
  std::string line;
  std::ifstream file(text.substr(1));
  std::getline(file, line);
  return line;
}

std::mutex openMutex;
std::set<std::string> openIds;

}  // namespace

std::vector<Camera> presentCameras() {
  std::vector<Camera> cameras = allCameras();
  if (const char* text = g_getenv("RTCPUB_FAKE_CAMERAS")) {
    const std::string list = readList(text);
    std::erase_if(cameras, [&](const Camera& camera) { return !listed(list, camera.id); });
  }
  return cameras;
}

bool acquireCamera(const Camera& camera) {
  const std::lock_guard lock(openMutex);
  return openIds.insert(camera.id).second;
}

void releaseCamera(const Camera& camera) {
  const std::lock_guard lock(openMutex);
  openIds.erase(camera.id);
}

}  // namespace rtcpub::fake
