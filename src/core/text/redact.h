#pragma once

#include <string>
#include <string_view>

namespace rtcpub {

/// The text without credentials: what stands before an `@` in the authority of a URL (RFC 3986
/// section 3.2.1), and the values of GStreamer's properties for users and passwords.
/// Tokens (RFC 6750, 7519) as well: behind `Bearer`, `token=` or `rtcpub.token.`, and whatever
/// looks like a JWT.
std::string redact(std::string_view text);

/// The target of an HTTP request, path and query, fit for a log: without the values of those
/// parameters of its query that hold tokens, however their names are written.
std::string redactTarget(std::string_view target);

}  // namespace rtcpub
