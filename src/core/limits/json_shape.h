#pragma once

#include <cstddef>
#include <string_view>

/// What a JSON text may look like before it is parsed: a parser makes a value of each part, and one
/// that keeps the order of members compares each name with all before it.
namespace rtcpub::json {

inline constexpr std::size_t kMaxDepth = 8;
/// Commas and colons outside of strings.
inline constexpr std::size_t kMaxParts = 512;

/// Whether a text, JSON or not, has no more levels and parts than these. Takes a time that grows
/// with its size alone.
bool isSmall(std::string_view text);

}  // namespace rtcpub::json
