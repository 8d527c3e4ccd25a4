#pragma once

#include <cstddef>
#include <cstdint>

namespace rtcpub::sfu {

/// Of the TCP connections that carry media, or TURN.
struct StreamStats {
  std::size_t open = 0;
  std::uint64_t dropped = 0;  ///< datagrams that receivers were too slow for, since the beginning
};

}  // namespace rtcpub::sfu
