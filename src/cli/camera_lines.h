#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/publisher.h"

/// Lines of standard input that speak of cameras.
namespace rtcpub::cli {

/// `:camera NAME` or `:pip [NAME]`.
struct CameraLine {
  enum class Verb { kSelect, kPictureInPicture };
  Verb verb;
  std::string camera;  ///< empty: none

  friend bool operator==(const CameraLine&, const CameraLine&) = default;
};

/// Nothing when it is no such line.
std::optional<CameraLine> parseCameraLine(std::string_view line);

/// Does what the line says; complains when it can't.
void runCameraLine(Publisher& publisher, std::string_view line);

}  // namespace rtcpub::cli
