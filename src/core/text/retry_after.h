#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace rtcpub {

/// How long an answer of HTTP asks to wait (Retry-After, RFC 9110 section 10.2.3): `field` is a
/// number of seconds, or a date, which counts from the answer's own, `date`. nullopt when it is
/// neither, or there is nothing to count it from.
std::optional<std::chrono::seconds> parseRetryAfter(std::string_view field, std::string_view date);

}  // namespace rtcpub
