#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rtcpub::cli {

/// `90s`, `15m`, `8h` or `7d`: a whole number and its unit. Nothing: it is none, is 0 or is longer
/// than a hundred years.
std::optional<std::chrono::seconds> parseDuration(std::string_view text);

/// The inverse, in the largest unit that takes a whole number.
std::string formatDuration(std::chrono::seconds duration);

}  // namespace rtcpub::cli
