#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "core/source/source_options.h"
#include "rtcpub/result.h"

/// The URI-like names of video sources.
namespace rtcpub::source_uri {

struct Test {
  int width = 1280;
  int height = 720;
  int fps = 30;
  bool stamp = false;
  friend bool operator==(const Test&, const Test&) = default;
};
struct File {
  std::string path;
  Options options;
  friend bool operator==(const File&, const File&) = default;
};
/// A GStreamer pipeline of one's own.
struct Pipeline {
  std::string description;
  Options options;
  friend bool operator==(const Pipeline&, const Pipeline&) = default;
};
/// A camera of Video4Linux.
struct V4l2 {
  std::string device;  ///< "/dev/videoN", a part of its name, or empty for the first one
  Options options;
  friend bool operator==(const V4l2&, const V4l2&) = default;
};
/// A camera sensor of a Jetson, by Argus.
struct Csi {
  int sensor = 0;
  Size capture{1280, 720};
  std::optional<int> captureFps;
  Options options;  ///< without a flip the picture is turned by 180 degrees
  friend bool operator==(const Csi&, const Csi&) = default;
};
struct Libcamera {
  std::string camera;  ///< its id, or empty for the first one
  Options options;
  friend bool operator==(const Libcamera&, const Libcamera&) = default;
};
/// An X11 display.
struct Screen {
  std::string display;  ///< ":0", or empty for that of the environment
  Options options;
  friend bool operator==(const Screen&, const Screen&) = default;
};
enum class RtspTransport { kAuto, kUdp, kTcp };
struct Rtsp {
  std::string url;  ///< without user and password
  std::string user;
  std::string password;
  RtspTransport transport = RtspTransport::kAuto;  ///< auto: UDP, then TCP
  int latencyMs = 0;                               ///< how long packets are held to sort them
  Options options;
  friend bool operator==(const Rtsp&, const Rtsp&) = default;
};
using SourceUri = std::variant<Test, File, Pipeline, V4l2, Csi, Libcamera, Rtsp, Screen>;

/// Errors: kInvalidArgument, naming the option and what it takes.
///
/// `file:` takes everything up to the last `?` as the path; `gst:` everything as the pipeline, but
/// for common options behind a last `?`. The options of `rtsp:` and `rtsps:` stand behind a `#`.
Result<SourceUri> parse(std::string_view text);

}  // namespace rtcpub::source_uri
