#include "engine/sctp_packet.h"

#include <net/dcsctp/packet/crc32c.h>

#include <algorithm>

namespace rtcpub::engine::sctp {
namespace {

constexpr std::size_t kChunkHeader = 4;
constexpr std::size_t kChecksum = 8;  // its offset

}  // namespace

std::uint16_t read16(std::span<const std::uint8_t> bytes, std::size_t offset) {
  return static_cast<std::uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

std::uint32_t read32(std::span<const std::uint8_t> bytes, std::size_t offset) {
  return static_cast<std::uint32_t>(read16(bytes, offset)) << 16 | read16(bytes, offset + 2);
}

void write32(std::span<std::uint8_t> bytes, std::size_t offset, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[offset + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }
}

std::optional<Chunk> chunkAt(std::span<const std::uint8_t> packet, std::size_t offset) {
  if (offset + kChunkHeader > packet.size()) return std::nullopt;
  const std::size_t length = read16(packet, offset + 2);
  if (length < kChunkHeader || offset + length > packet.size()) return std::nullopt;
  const std::size_t padded = std::min((length + 3) / 4 * 4, packet.size() - offset);
  return Chunk{.type = packet[offset],
               .flags = packet[offset + 1],
               .offset = offset,
               .size = padded,
               .body = packet.subspan(offset + kChunkHeader, length - kChunkHeader)};
}

void setChecksum(std::vector<std::uint8_t>& packet) {
  write32(packet, kChecksum, 0);
  // Its result is in the order of the wire already.
  write32(packet, kChecksum, dcsctp::GenerateCrc32C({packet.data(), packet.size()}));
}

}  // namespace rtcpub::engine::sctp
