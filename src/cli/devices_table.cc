#include "cli/devices_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace rtcpub::cli {
namespace {

std::string rateText(double fps) {
  if (fps <= 0) return "";
  char text[16];
  (void)std::snprintf(text, sizeof text, "@%.4g", std::round(fps * 100) / 100);
  return text;
}

std::string modeText(const Camera::Mode& mode) {
  return std::to_string(mode.width) + "x" + std::to_string(mode.height) + rateText(mode.fps);
}

// One line a format: "    YUY2 1280x720@10 640x480@30".
std::string modesText(const std::vector<Camera::Mode>& modes) {
  std::string text;
  std::string format;
  for (const Camera::Mode& mode : modes) {
    if (mode.format != format || text.empty()) {
      if (!text.empty()) text += "\n";
      text += "    " + mode.format;
      format = mode.format;
    }
    text += " " + modeText(mode);
  }
  return text.empty() ? text : text + "\n";
}

// As the shell takes it.
std::string shellWord(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/._@+-";
  if (word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char letter : word) {
    if (letter == '\'') {
      text += "'\\''";
    } else {
      text += letter;
    }
  }
  return text + "'";
}

std::string camerasText(const std::vector<Camera>& cameras) {
  if (cameras.empty()) return "Cameras: none\n";
  std::string text = "Cameras\n";
  for (const Camera& camera : cameras) {
    text += "  " + camera.name + "\n" + modesText(camera.modes) +
            "    rtcpub publish --server wss://HOST --channel ID --video " + shellWord(camera.uri) +
            "\n";
  }
  return text;
}

const char* nameOf(VideoCodec codec) {
  if (codec == VideoCodec::kVp8) return "VP8";
  return codec == VideoCodec::kVp9 ? "VP9" : "H264";
}

std::string encoderText(const EncoderDescription& encoder) {
  char line[96];
  (void)std::snprintf(line, sizeof line, "  %-14s %-5s %-8s", encoder.name.c_str(),
                      nameOf(encoder.codec), encoder.hardware ? "hardware" : "software");
  std::string text = line;
  if (encoder.chosen) text += "  is chosen";
  if (!encoder.available) text += "  no: " + encoder.hint;
  return text + "\n";
}

}  // namespace

std::string devicesTable(const Devices& devices) {
  std::string text = camerasText(devices.cameras) + "Encoders, best first\n";
  for (const EncoderDescription& encoder : devices.encoders) text += encoderText(encoder);
  if (!devices.hints.empty()) text += "Hints\n";
  for (const std::string& hint : devices.hints) text += "  " + hint + "\n";
  return text;
}

}  // namespace rtcpub::cli
