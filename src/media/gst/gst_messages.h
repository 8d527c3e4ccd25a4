#pragma once

#include <gst/gst.h>

#include <optional>
#include <string>
#include <string_view>

/// GStreamer's reasons, in words for people.
namespace rtcpub::media {

/// What a message of type error or warning says.
struct Failure {
  GQuark domain = 0;
  int code = 0;
  std::string text;    ///< "ELEMENT: what failed (detail)", without credentials
  std::string detail;  ///< all of it, for programs to look into
  /// Whether there is no stream of the kind that was asked for, or none that can be decoded.
  bool nothingFits = false;

  /// Whether it is this one of a device or a server.
  [[nodiscard]] bool is(GstResourceError which) const {
    return domain == GST_RESOURCE_ERROR && code == which;
  }
};
Failure readFailure(GstMessage* message);

/// Its text.
std::string describeFailure(GstMessage* message);

/// What is missing and what to install, if the message says that a plugin is.
std::optional<std::string> describeMissingPlugin(GstMessage* message);

/// ` (install PACKAGE)`, if it is known in which of Debian's packages the element is.
std::string installHint(std::string_view element);

}  // namespace rtcpub::media
