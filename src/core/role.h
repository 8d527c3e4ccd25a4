#pragma once

#include <cstdint>
#include <string_view>

namespace rtcpub {

/// Which end of a channel a client is: the one that sends, or one of those that watch.
enum class Role : std::uint8_t { kPublisher, kSubscriber };

/// "publisher", "subscriber".
inline std::string_view name(Role role) {
  return role == Role::kPublisher ? "publisher" : "subscriber";
}

}  // namespace rtcpub
