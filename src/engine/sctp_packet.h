#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// As much of SCTP's packets (RFC 9260 section 3) as is needed to look at them and to change them.
/// Pure.
namespace rtcpub::engine::sctp {

inline constexpr std::size_t kHeaderSize = 12;
inline constexpr std::uint8_t kData = 0;
inline constexpr std::uint8_t kSack = 3;

/// One chunk of a packet. The packet outlives it.
struct Chunk {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::size_t offset = 0;              ///< in the packet
  std::size_t size = 0;                ///< with padding, as far as the packet goes
  std::span<const std::uint8_t> body;  ///< behind the header of 4 bytes, without padding
};

/// The chunk at `offset`, kHeaderSize for the first; nothing at the end, or where the packet is
/// malformed.
[[nodiscard]] std::optional<Chunk> chunkAt(std::span<const std::uint8_t> packet,
                                           std::size_t offset);

[[nodiscard]] std::uint16_t read16(std::span<const std::uint8_t> bytes, std::size_t offset);
[[nodiscard]] std::uint32_t read32(std::span<const std::uint8_t> bytes, std::size_t offset);
void write32(std::span<std::uint8_t> bytes, std::size_t offset, std::uint32_t value);

/// Whether `a` comes after `b` (RFC 1982).
[[nodiscard]] constexpr bool isAfter(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) > 0;
}

/// Computes it anew, for a packet that was changed.
void setChecksum(std::vector<std::uint8_t>& packet);

}  // namespace rtcpub::engine::sctp
