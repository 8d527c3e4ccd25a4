#include "sfu/router/key_frame.h"

#include "core/h264/h264.h"
#include "sfu/router/h264_payload.h"
#include "sfu/router/payload_descriptor.h"

namespace rtcpub::sfu {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// The first byte of a frame's first partition tells its kind (RFC 7741 section 4.3).
bool vp8(Bytes payload) {
  const auto descriptor = parseVp8Descriptor(payload);
  return descriptor && descriptor->startsFrame && descriptor->size < payload.size() &&
         (payload[descriptor->size] & 0x01) == 0;  // P: 0 is a key frame
}

/// Not predicted from another picture, first packet of the lowest layer.
bool vp9(Bytes payload) {
  const auto descriptor = parseVp9Descriptor(payload);
  return descriptor && !descriptor->predicted && descriptor->startsFrame &&
         descriptor->spatialLayer == 0;
}

/// An IDR's later slices don't begin it: whoever started there would never get those before.
bool beginsKeyFrame(int nalType, Bytes behindHeader) {
  constexpr int kIdr = 5;
  constexpr int kSps = 7;
  return nalType == kSps || (nalType == kIdr && h264::beginsPicture(behindHeader));
}

bool h264(Bytes payload) {
  if (payload.size() > 1 && (payload[0] & 0x1F) == kFuA) {
    const bool start = (payload[1] & 0x80) != 0;
    return start && beginsKeyFrame(payload[1] & 0x1F, payload.subspan(2));
  }
  bool found = false;
  forEachUnit(payload, [&found](Bytes unit) {
    found = found || beginsKeyFrame(unit[0] & 0x1F, unit.subspan(1));
  });
  return found;
}

}  // namespace

bool startsKeyFrame(CodecKind codec, std::span<const std::uint8_t> payload) {
  switch (codec) {
    case CodecKind::kVp8:
      return vp8(payload);
    case CodecKind::kVp9:
      return vp9(payload);
    case CodecKind::kH264:
      return h264(payload);
    case CodecKind::kOpus:
      break;
  }
  return false;
}

}  // namespace rtcpub::sfu
