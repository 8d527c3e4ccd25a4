#include "sfu/router/payload_descriptor.h"

namespace rtcpub::sfu {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kVp8PictureId = 2;
constexpr std::uint8_t kLongPictureId = 0x80;

/// Of one byte or, when its first bit says so, of two.
std::size_t pictureIdBytes(std::uint8_t first) { return (first & kLongPictureId) != 0 ? 2 : 1; }

}  // namespace

std::optional<Vp8Descriptor> parseVp8Descriptor(Bytes payload) {
  if (payload.empty()) return std::nullopt;
  Vp8Descriptor result;
  result.size = 1;
  result.startsFrame = (payload[0] & 0x10) != 0 && (payload[0] & 0x07) == 0;  // S, PID
  if ((payload[0] & 0x80) == 0) return result;                                // X
  if (payload.size() < 2) return std::nullopt;
  const std::uint8_t flags = payload[1];
  result.size = 2;
  if ((flags & 0x80) != 0) {  // I
    if (payload.size() <= kVp8PictureId) return std::nullopt;
    result.pictureIdBytes = pictureIdBytes(payload[kVp8PictureId]);
    result.size += result.pictureIdBytes;
  }
  const std::size_t lowestAt = result.size;
  if ((flags & 0x40) != 0) ++result.size;  // L
  const std::size_t layerAt = result.size;
  if ((flags & 0x30) != 0) ++result.size;  // T, K
  if (payload.size() < result.size) return std::nullopt;
  if ((flags & 0x20) == 0) return result;
  result.layer = TemporalLayer{.id = static_cast<std::uint8_t>(payload[layerAt] >> 6),
                               .sync = (payload[layerAt] & 0x20) != 0};
  if ((flags & 0x40) != 0) result.layer->lowestFrames = payload[lowestAt];
  return result;
}

std::optional<Vp9Descriptor> parseVp9Descriptor(Bytes payload) {
  if (payload.empty()) return std::nullopt;
  Vp9Descriptor result;
  result.predicted = (payload[0] & 0x40) != 0;    // P
  result.startsFrame = (payload[0] & 0x08) != 0;  // B
  std::size_t at = 1;
  if ((payload[0] & 0x80) != 0) {  // I
    if (payload.size() <= at) return std::nullopt;
    at += pictureIdBytes(payload[at]);
  }
  if ((payload[0] & 0x20) == 0) return result;  // L
  if (payload.size() <= at) return std::nullopt;
  const std::uint8_t layer = payload[at++];
  result.spatialLayer = (layer >> 1) & 0x07;
  TemporalLayer temporal{.id = static_cast<std::uint8_t>(layer >> 5),
                         .switchesUp = (layer & 0x10) != 0};
  if ((payload[0] & 0x10) == 0) {  // not F: otherwise dependencies are told instead
    if (payload.size() <= at) return std::nullopt;
    temporal.lowestFrames = payload[at];
  }
  result.layer = temporal;
  return result;
}

std::optional<LayeredPacket> layeredPacket(CodecKind codec, Bytes payload) {
  const auto describe = [](const auto& descriptor) -> std::optional<LayeredPacket> {
    if (!descriptor || !descriptor->layer) return std::nullopt;
    return LayeredPacket{.layer = *descriptor->layer, .startsFrame = descriptor->startsFrame};
  };
  if (codec == CodecKind::kVp8) return describe(parseVp8Descriptor(payload));
  if (codec == CodecKind::kVp9) return describe(parseVp9Descriptor(payload));
  return std::nullopt;
}

void closePictureGap(CodecKind codec, std::span<std::uint8_t> payload, std::uint16_t leftOut) {
  if (codec != CodecKind::kVp8) return;
  const auto descriptor = parseVp8Descriptor(payload);
  if (!descriptor || descriptor->pictureIdBytes == 0) return;
  auto* const id = payload.data() + kVp8PictureId;
  if (descriptor->pictureIdBytes == 1) {
    id[0] = static_cast<std::uint8_t>((id[0] - leftOut) & 0x7F);
    return;
  }
  const int lowered = ((id[0] & 0x7F) << 8 | id[1]) - leftOut;
  id[0] = static_cast<std::uint8_t>(kLongPictureId | ((lowered >> 8) & 0x7F));
  id[1] = static_cast<std::uint8_t>(lowered & 0xFF);
}

}  // namespace rtcpub::sfu
