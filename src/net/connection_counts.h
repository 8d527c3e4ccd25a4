#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

namespace rtcpub::net {

/// How far a server's connections may have come, in order.
inline constexpr std::array<const char*, 6> kPhaseNames{"silent", "securing", "asking",
                                                        "idle",   "waiting",  "joined"};

/// Of the connections of a server, since it began.
struct ConnectionCounts {
  std::array<std::size_t, kPhaseNames.size()> open{};  ///< now, by phase
  std::uint64_t accepted = 0;
  std::uint64_t cut = 0;                   ///< to make room for others
  std::map<int, std::uint64_t> responses;  ///< by HTTP's status; 101 opened a WebSocket
};

}  // namespace rtcpub::net
