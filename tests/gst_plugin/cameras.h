#pragma once

#include <string>
#include <vector>

namespace rtcpub::fake {

enum class Api { kV4l2, kArgus, kLibcamera };
enum class Coding { kRaw, kJpeg, kH264 };

/// A camera of the machine that the tests run on.
struct Camera {
  Api api;
  std::string id;      // device path, sensor number or libcamera's name
  std::string label;   // what people read
  std::string driver;  // kV4l2
  Coding coding;
  /// What it can do, as caps, of the memory that the element gives out.
  std::string caps;
  /// The same, of pictures before they are encoded.
  std::string rawCaps;
  unsigned colour;  // of its pictures: 0xAARRGGBB
};

/// The machine's cameras: those that RTCPUB_FAKE_CAMERAS lists by id, all without it.
std::vector<Camera> presentCameras();

/// Opens a camera for one alone, as cameras are. Any thread.
bool acquireCamera(const Camera& camera);
void releaseCamera(const Camera& camera);

}  // namespace rtcpub::fake
