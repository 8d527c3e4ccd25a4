#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/source/source_options.h"
#include "rtcpub/result.h"

/// Choosing among what a camera offers.
namespace rtcpub {

/// From the smallest to the largest value that a camera takes.
struct CameraRange {
  int min = 0;
  int max = 0;
  friend bool operator==(const CameraRange&, const CameraRange&) = default;
};

/// Pictures a second, as a fraction.
struct FrameRate {
  int numerator = 0;
  int denominator = 1;
  friend bool operator==(const FrameRate&, const FrameRate&) = default;
};

enum class CameraCoding { kRaw, kJpeg, kH264 };

/// One of a camera's modes.
struct CameraMode {
  CameraCoding coding = CameraCoding::kRaw;
  std::string format;  ///< of raw pictures, by GStreamer's name
  CameraRange width;
  CameraRange height;
  std::vector<FrameRate> rates;  ///< each one, or the two ends of a range
  bool anyRateBetween = false;   ///< whether `rates` are the ends of a range
};

/// The one that was chosen, with all that was open.
struct CameraChoice {
  CameraCoding coding = CameraCoding::kRaw;
  std::string format;
  source_uri::Size size;
  std::optional<FrameRate> rate;  ///< nothing if the camera names none
  friend bool operator==(const CameraChoice&, const CameraChoice&) = default;
};

/// Chooses the mode that serves the options best: the size and rate that were asked for, or else
/// those nearest to 1280x720 and 30; H264 first if `encoded` video is of use, then raw pictures, of
/// which I420 and NV12 need no conversion, then MJPEG. Errors: kUnsupported, saying what the camera
/// has. `subject` is what the message calls it.
Result<CameraChoice> chooseMode(const std::vector<CameraMode>& modes,
                                const source_uri::Options& options, bool encoded,
                                const std::string& subject);

/// "640x480@30/15 (YUY2), …", not too many of them.
std::string describe(const std::vector<CameraMode>& modes);

}  // namespace rtcpub
