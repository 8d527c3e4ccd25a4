#pragma once

#include <cstddef>
#include <cstdint>

namespace rtcpub::sfu {

/// What the TURN server has done since it began.
struct TurnStats {
  std::size_t relays = 0;        ///< relayed addresses that clients have now
  std::uint64_t allocated = 0;   ///< … that were given out
  std::uint64_t refused = 0;     ///< requests, but those that only lacked credentials
  std::uint64_t packetsIn = 0;   ///< from clients
  std::uint64_t bytesIn = 0;     ///< of these, without TURN's headers
  std::uint64_t packetsOut = 0;  ///< to clients
  std::uint64_t bytesOut = 0;
};

}  // namespace rtcpub::sfu
