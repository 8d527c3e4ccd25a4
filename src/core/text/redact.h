#pragma once

#include <string>
#include <string_view>

namespace rtcpub {

/// The text without credentials: what stands before an `@` in the authority of a URL (RFC 3986
/// section 3.2.1), and the values of GStreamer's properties for users and passwords.
std::string redact(std::string_view text);

}  // namespace rtcpub
