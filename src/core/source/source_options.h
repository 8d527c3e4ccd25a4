#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/text/query.h"
#include "rtcpub/result.h"

/// What can be asked of a video source behind its name.
namespace rtcpub::source_uri {

/// In pixels, both even.
struct Size {
  int width = 0;
  int height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

/// How a picture is turned: clockwise by degrees, or left and right exchanged.
enum class Flip { kNone, k90, k180, k270, kMirror };

/// The options that all sources but test: share.
struct Options {
  std::optional<Size> size;  ///< before the picture is turned
  std::optional<int> fps;
  std::optional<Flip> flip;
  /// A raw format by GStreamer's name, "YUY2" say; cameras know "raw", "mjpeg" and "h264", too.
  /// Empty: whatever suits.
  std::string format;
  bool stamp = false;
  /// The device's own options: properties of GStreamer's element and their values.
  query::Parameters properties;

  friend bool operator==(const Options&, const Options&) = default;
};

/// Which formats a source's `format` takes.
enum class Formats {
  kSent,    ///< what is handed to the encoder: I420 or NV12
  kCamera,  ///< what the camera yields
};

/// What a source makes of the common options.
struct OptionRules {
  std::string_view scheme;  ///< "v4l2:"
  Formats formats = Formats::kSent;
  bool properties = false;  ///< whether other options are the device's own
};

/// Errors: kInvalidArgument, naming the option and what it takes.
Result<Options> readOptions(const query::Parameters& parameters, const OptionRules& rules);

/// Errors: kInvalidArgument, naming `option` and what it takes.
Result<Size> readSize(std::string_view option, const std::string& value);
Result<int> readFps(const std::string& value);
Result<void> readStamp(const std::string& value, bool& stamp);

/// The failed arm of a reader of video sources.
tl::unexpected<Error> refuse(const std::string& what);

}  // namespace rtcpub::source_uri
