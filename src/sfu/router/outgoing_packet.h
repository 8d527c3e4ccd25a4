#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace rtcpub::sfu {

/// What a path carries besides a packet: SRTP's tag, UDP and IPv4.
inline constexpr std::size_t kDatagramOverhead = 38;

/// Some packets in a row that leave faster than the stream needs, to learn whether the path carries
/// more than is known. Each of them says so.
struct Probe {
  int id = 0;
  std::int64_t bitsPerSecond = 0;
  int packets = 0;  ///< how many there are at least
  int bytes = 0;    ///< and how large they are together
};

/// A packet rewritten for one viewer, not yet encrypted.
struct OutgoingPacket {
  std::span<std::uint8_t> data;  ///< may be changed; gone after the call
  /// Where its transport-wide number goes, from the start; 0: it takes none.
  std::size_t transportSequence = 0;
  std::optional<Probe> probe{};
};

}  // namespace rtcpub::sfu
