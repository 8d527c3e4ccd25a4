#include "sfu/router/picture_numbers.h"

#include <cstddef>

#include "sfu/router/payload_descriptor.h"

namespace rtcpub::sfu {
namespace {

/// Where the numbers stand in a payload; 0: they don't.
struct Places {
  std::size_t picture = 0;
  std::size_t pictureBytes = 0;
  std::size_t lowest = 0;
};

/// RFC 7741 section 4.2.
Places vp8Places(std::span<const std::uint8_t> payload) {
  const auto descriptor = parseVp8Descriptor(payload);
  if (!descriptor || (payload[0] & 0x80) == 0) return {};  // X
  Places places;
  std::size_t at = 2;
  if (descriptor->pictureIdBytes != 0) {
    places.picture = at;
    places.pictureBytes = descriptor->pictureIdBytes;
    at += descriptor->pictureIdBytes;
  }
  if ((payload[1] & 0x40) != 0) places.lowest = at;  // L
  return places;
}

/// RFC 9628 section 4.2.
Places vp9Places(std::span<const std::uint8_t> payload) {
  const auto descriptor = parseVp9Descriptor(payload);
  if (!descriptor) return {};
  Places places;
  std::size_t at = 1;
  if ((payload[0] & 0x80) != 0) {  // I
    places.picture = at;
    places.pictureBytes = (payload[at] & 0x80) != 0 ? 2 : 1;
    at += places.pictureBytes;
  }
  if (descriptor->layer && descriptor->layer->lowestFrames) places.lowest = at + 1;
  return places;
}

Places placesIn(CodecKind codec, std::span<const std::uint8_t> payload) {
  if (codec == CodecKind::kVp8) return vp8Places(payload);
  if (codec == CodecKind::kVp9) return vp9Places(payload);
  return {};
}

}  // namespace

unsigned PictureNumbers::Counter::next(unsigned number, unsigned mask, bool changes) {
  if (changes && newest) offset = *newest + 1 - number;
  const unsigned out = (number + offset) & mask;
  // Late packets are behind the newest.
  if (!newest || changes || ((out - *newest) & mask) <= mask / 2) newest = out;
  return out;
}

void PictureNumbers::apply(CodecKind codec, std::span<std::uint8_t> payload, bool changes) {
  const auto places = placesIn(codec, payload);
  if (places.picture != 0 && places.picture + places.pictureBytes <= payload.size()) {
    auto* const id = payload.data() + places.picture;
    if (places.pictureBytes == 1) {
      id[0] = static_cast<std::uint8_t>(picture_.next(id[0], 0x7F, changes));
    } else {
      const unsigned number = (id[0] & 0x7FU) << 8 | id[1];
      const unsigned out = picture_.next(number, 0x7FFF, changes);
      id[0] = static_cast<std::uint8_t>(0x80U | out >> 8);
      id[1] = static_cast<std::uint8_t>(out);
    }
  }
  if (places.lowest != 0 && places.lowest < payload.size()) {
    auto& lowest = payload[places.lowest];
    lowest = static_cast<std::uint8_t>(lowest_.next(lowest, 0xFF, changes));
  }
}

}  // namespace rtcpub::sfu
