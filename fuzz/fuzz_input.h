#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

/// What libFuzzer hands over, as text.
inline std::string_view asText(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A property that holds whatever the input is; a violation is a finding.
inline void require(bool holds) {
  if (!holds) std::abort();
}
