#include "sfu/router/header_extension_map.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

#include "sfu/router/rtp_packet.h"

namespace rtcpub::sfu {
namespace {

constexpr std::uint16_t kOneByteProfile = 0xBEDE;
constexpr std::uint16_t kTwoByteProfile = 0x1000;  // the last four bits are "appbits"
constexpr std::uint16_t kTwoByteProfileMask = 0xFFF0;
constexpr int kLastOneByteId = 14;
constexpr int kLastTwoByteId = 255;

constexpr std::string_view kTransportSequence =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
constexpr std::size_t kTransportSequenceSize = 2;
constexpr std::uint8_t kExtensionBit = 0x10;

/// The last one is renumbered, not forwarded.
constexpr std::array<std::string_view, 7> kForwarded{
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type",
    "urn:3gpp:video-orientation",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
    kTransportSequence};

bool isForwarded(std::string_view uri) {
  return std::find(kForwarded.begin(), kForwarded.end(), uri) != kForwarded.end();
}

bool isId(int id) { return id > 0 && id <= kLastTwoByteId; }

void pad(std::span<std::uint8_t> bytes) { std::fill(bytes.begin(), bytes.end(), std::uint8_t{0}); }

bool isTwoByte(std::uint16_t profile) { return (profile & kTwoByteProfileMask) == kTwoByteProfile; }

/// Where in a well-formed block the data of element `id` begins; nothing when it isn't there.
std::optional<std::size_t> findElement(std::span<const std::uint8_t> block, bool twoByte,
                                       std::uint8_t id) {
  const std::size_t header = twoByte ? 2 : 1;
  std::size_t at = 0;
  while (at + header <= block.size()) {
    if (block[at] == 0) {
      ++at;
      continue;
    }
    const int found = twoByte ? block[at] : block[at] >> 4;
    if (found == id) return at + header;
    at += header + (twoByte ? block[at + 1] : (block[at] & 0x0FU) + 1U);
  }
  return std::nullopt;
}

/// Moves what follows `at` up and leaves zeros there; returns the new size.
std::size_t insertZeros(std::span<std::uint8_t> buffer, std::size_t size, std::size_t at,
                        std::size_t count) {
  std::memmove(buffer.data() + at + count, buffer.data() + at, size - at);
  pad(buffer.subspan(at, count));
  return size + count;
}

/// Adds one word to the end of the packet's extension, which begins if there is none yet; returns
/// where it is.
std::size_t appendWord(std::span<std::uint8_t> buffer, HeaderExtensionMap::Space& packet) {
  const auto parsed = RtpPacket::parse(buffer.first(packet.size));
  const std::size_t end = parsed->headerSize();
  if (parsed->extensionOffset() == 0) {
    packet.size = insertZeros(buffer, packet.size, end, 8);
    buffer[0] |= kExtensionBit;
    buffer[end] = kOneByteProfile >> 8;
    buffer[end + 1] = kOneByteProfile & 0xFF;
    buffer[end + 3] = 1;
    return end + 4;
  }
  packet.size = insertZeros(buffer, packet.size, end, 4);
  const std::size_t words = parsed->extension().size() / 4 + 1;
  buffer[parsed->extensionOffset() - 2] = static_cast<std::uint8_t>(words >> 8);
  buffer[parsed->extensionOffset() - 1] = static_cast<std::uint8_t>(words);
  return end;
}

}  // namespace

HeaderExtensionMap::HeaderExtensionMap(const std::vector<HeaderExtension>& publisher,
                                       const std::vector<HeaderExtension>& viewer) {
  const auto transportSequence = std::find_if(viewer.begin(), viewer.end(), [](const auto& own) {
    return own.uri == kTransportSequence && own.id > 0 && own.id <= kLastOneByteId;
  });
  if (transportSequence != viewer.end()) {
    transportSequenceId_ = static_cast<std::uint8_t>(transportSequence->id);
  }
  for (const auto& from : publisher) {
    if (!isId(from.id) || !isForwarded(from.uri)) continue;
    const auto to = std::find_if(viewer.begin(), viewer.end(), [&from](const auto& own) {
      return own.uri == from.uri && isId(own.id);
    });
    if (to != viewer.end()) {
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
  } else if (isTwoByte(profile)) {
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
    if (to == 0 || to > kLastOneByteId ||
        isMalformed(static_cast<std::uint8_t>(to), size - std::size_t{1})) {
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
    if (to == 0 || isMalformed(to, size - std::size_t{2})) {
      pad(block.first(size));
    } else {
      block[0] = to;
    }
    block = block.subspan(size);
  }
}

bool HeaderExtensionMap::isMalformed(std::uint8_t to, std::size_t dataSize) const {
  return to == transportSequenceId_ && dataSize != kTransportSequenceSize;
}

HeaderExtensionMap::Space HeaderExtensionMap::makeSpace(std::span<std::uint8_t> buffer,
                                                        std::size_t size) const {
  Space room{.size = size, .transportSequence = 0};
  if (transportSequenceId_ == 0) return room;
  const auto packet = RtpPacket::parse(buffer.first(size));
  if (!packet) return room;
  const bool twoByte = isTwoByte(packet->extensionProfile());
  if (packet->extensionOffset() != 0) {
    const auto found = findElement(packet->extension(), twoByte, transportSequenceId_);
    if (found) {
      room.transportSequence = packet->extensionOffset() + *found;
      return room;
    }
  }
  std::size_t at = appendWord(buffer, room);
  if (twoByte) {
    buffer[at++] = transportSequenceId_;
    buffer[at++] = kTransportSequenceSize;
  } else {  // the length is one less than it is (RFC 8285 section 4.2)
    buffer[at++] = static_cast<std::uint8_t>(transportSequenceId_ << 4 | 1);
  }
  room.transportSequence = at;
  return room;
}

}  // namespace rtcpub::sfu
