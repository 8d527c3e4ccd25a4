#include "sfu/router/header_extension_map.h"

#include <algorithm>
#include <string_view>

#include "sfu/router/rtp_packet.h"

namespace rtcpub::sfu {
namespace {

constexpr std::uint16_t kOneByteProfile = 0xBEDE;
constexpr std::uint16_t kTwoByteProfile = 0x1000;  // the last four bits are "appbits"
constexpr std::uint16_t kTwoByteProfileMask = 0xFFF0;
constexpr int kLastOneByteId = 14;
constexpr int kLastTwoByteId = 255;

constexpr std::array<std::string_view, 6> kForwarded{
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type",
    "urn:3gpp:video-orientation",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"};

bool isForwarded(std::string_view uri) {
  return std::find(kForwarded.begin(), kForwarded.end(), uri) != kForwarded.end();
}

bool isId(int id) { return id > 0 && id <= kLastTwoByteId; }

void pad(std::span<std::uint8_t> bytes) { std::fill(bytes.begin(), bytes.end(), std::uint8_t{0}); }

}  // namespace

HeaderExtensionMap::HeaderExtensionMap(const std::vector<HeaderExtension>& publisher,
                                       const std::vector<HeaderExtension>& subscriber) {
  for (const auto& from : publisher) {
    if (!isId(from.id) || !isForwarded(from.uri)) continue;
    const auto to = std::find_if(subscriber.begin(), subscriber.end(), [&from](const auto& own) {
      return own.uri == from.uri && isId(own.id);
    });
    if (to != subscriber.end()) {
      idFor_[static_cast<std::size_t>(from.id)] = static_cast<std::uint8_t>(to->id);
    }
  }
}

void HeaderExtensionMap::apply(std::span<std::uint8_t> packet) const {
  const auto parsed = RtpPacket::parse(packet);
  if (!parsed || parsed->extensionOffset() == 0) return;
  const auto block = packet.subspan(parsed->extensionOffset(), parsed->extension().size());
  const std::uint16_t profile = parsed->extensionProfile();
  if (profile == kOneByteProfile) {
    applyOneByte(block);
  } else if ((profile & kTwoByteProfileMask) == kTwoByteProfile) {
    applyTwoByte(block);
  } else {  // nothing that was negotiated
    packet[parsed->extensionOffset() - 4] = kOneByteProfile >> 8;
    packet[parsed->extensionOffset() - 3] = kOneByteProfile & 0xFF;
    pad(block);
  }
}

void HeaderExtensionMap::applyOneByte(std::span<std::uint8_t> block) const {
  while (!block.empty()) {
    if (block[0] == 0) {
      block = block.subspan(1);
      continue;
    }
    const int id = block[0] >> 4;
    const std::size_t size = (block[0] & 0x0FU) + 2U;  // the element with its header
    // RFC 8285 section 4.2: id 15, and 0 with a length, end the block.
    if (id == 0 || id > kLastOneByteId || size > block.size()) return pad(block);
    const int to = idFor_[static_cast<std::size_t>(id)];
    if (to == 0 || to > kLastOneByteId) {
      pad(block.first(size));
    } else {
      block[0] = static_cast<std::uint8_t>(to << 4 | (block[0] & 0x0F));
    }
    block = block.subspan(size);
  }
}

void HeaderExtensionMap::applyTwoByte(std::span<std::uint8_t> block) const {
  while (!block.empty()) {
    if (block[0] == 0) {
      block = block.subspan(1);
      continue;
    }
    if (block.size() < 2) return pad(block);
    const std::size_t size = block[1] + std::size_t{2};
    if (size > block.size()) return pad(block);
    const std::uint8_t to = idFor_[block[0]];
    if (to == 0) {
      pad(block.first(size));
    } else {
      block[0] = to;
    }
    block = block.subspan(size);
  }
}

}  // namespace rtcpub::sfu
