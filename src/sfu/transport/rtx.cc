#include "sfu/transport/rtx.h"

#include <algorithm>

namespace rtcpub::sfu {
namespace {

constexpr std::size_t kOriginalSequenceNumber = 2;
constexpr std::size_t kFixedHeader = 12;

}  // namespace

bool unwrapRtx(std::span<const std::uint8_t> rtx, std::size_t headerSize, std::size_t payloadSize,
               std::uint8_t mediaPayloadType, std::uint32_t mediaSsrc,
               std::vector<std::uint8_t>& media) {
  if (headerSize < kFixedHeader || payloadSize <= kOriginalSequenceNumber ||
      headerSize + payloadSize > rtx.size()) {
    return false;
  }
  const auto header = rtx.first(headerSize);
  const auto payload = rtx.subspan(headerSize, payloadSize);
  media.assign(header.begin(), header.end());
  media.insert(media.end(), payload.begin() + kOriginalSequenceNumber, payload.end());
  media[0] &= 0xDF;  // its padding, if any, was left behind
  media[1] = static_cast<std::uint8_t>((media[1] & 0x80) | mediaPayloadType);
  media[2] = payload[0];
  media[3] = payload[1];
  for (std::size_t i = 0; i < 4; ++i) {
    media[8 + i] = static_cast<std::uint8_t>(mediaSsrc >> (24 - 8 * i));
  }
  return true;
}

}  // namespace rtcpub::sfu
