#pragma once

#include <string>
#include <string_view>

#include "core/text/text.h"

namespace rtcpub::session {

/// What the server or the engine said, fit for a message to people: one line, and not too long.
inline std::string printableLine(std::string_view text) {
  constexpr std::size_t kLongest = 300;
  return text::printable(text, kLongest);
}

}  // namespace rtcpub::session
