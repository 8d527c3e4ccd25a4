#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rtcpub::sfu {

/// Types of RTP payloads (RFC 6184 table 1) that aren't a NAL unit each.
inline constexpr int kStapA = 24;
inline constexpr int kFuA = 28;

/// Calls `take` with each whole NAL unit of an RTP payload: the payload itself or what a STAP-A
/// holds (RFC 6184 sections 5.6 and 5.7.1), up to where it doesn't hold what it says. Units have a
/// byte at least.
template <class Take>
void forEachUnit(std::span<const std::uint8_t> payload, Take take) {
  if (payload.empty()) return;
  const int type = payload[0] & 0x1F;
  if (type < kStapA) return take(payload);
  if (type != kStapA) return;
  auto units = payload.subspan(1);
  while (units.size() > 2) {
    const std::size_t size = static_cast<std::size_t>(units[0] << 8 | units[1]);
    if (size == 0 || size > units.size() - 2) return;
    take(units.subspan(2, size));
    units = units.subspan(2 + size);
  }
}

}  // namespace rtcpub::sfu
