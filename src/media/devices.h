#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "rtcpub/devices.h"

/// What this machine has to see with.
namespace rtcpub::media {

/// Cameras, and what to do to see more of them.
struct CameraList {
  std::vector<Camera> cameras;
  std::vector<std::string> hints;
};

/// Asks GStreamer's device providers; a Jetson's sensors, which they can't describe, are read from
/// /sys; the screen counts if $DISPLAY is set. Any thread.
CameraList listCameras();

/// How many sensors a Jetson's video input has: the devices below `root` (/sys/class/video4linux)
/// that are named "vi-output, …" by NVIDIA's driver.
int countSensors(const std::filesystem::path& root);

}  // namespace rtcpub::media
