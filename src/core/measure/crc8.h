#pragma once

#include <cstdint>
#include <span>

namespace rtcpub {

/// CRC-8 of the marks in pictures (docs/stamp.md): polynomial 07, start 00, nothing reflected or
/// inverted.
[[nodiscard]] constexpr std::uint8_t crc8(std::span<const std::uint8_t> bytes) {
  unsigned crc = 0;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc & 0x80U) != 0 ? 0x107U : 0U);
  }
  return static_cast<std::uint8_t>(crc);
}

}  // namespace rtcpub
