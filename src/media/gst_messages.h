#pragma once

#include <gst/gst.h>

#include <optional>
#include <string>
#include <string_view>

/// GStreamer's reasons, in words for people.
namespace rtcpub::media {

/// "ELEMENT: what failed (detail)" of a message of type error or warning.
std::string describeFailure(GstMessage* message);

/// Whether an error says that there is no stream of the kind that was asked for, or that none can
/// be decoded.
bool saysThatNothingFits(GstMessage* error);

/// What is missing and what to install, if the message says that a plugin is.
std::optional<std::string> describeMissingPlugin(GstMessage* message);

/// ` (install PACKAGE)`, if it is known in which of Debian's packages the element is.
std::string installHint(std::string_view element);

}  // namespace rtcpub::media
