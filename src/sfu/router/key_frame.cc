#include "sfu/router/key_frame.h"

#include <cstddef>

#include "core/h264.h"
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

constexpr int kIdr = 5;
constexpr int kSps = 7;
constexpr int kStapA = 24;
constexpr int kFuA = 28;

/// An IDR's later slices don't begin it: whoever started there would never get those before.
bool beginsKeyFrame(int nalType, Bytes behindHeader) {
  return nalType == kSps || (nalType == kIdr && h264::beginsPicture(behindHeader));
}

/// RFC 6184 section 5.7.1: after the STAP-A's byte, units that each follow their 16-bit size.
bool stapA(Bytes units) {
  while (units.size() > 2) {
    const std::size_t size = static_cast<std::size_t>(units[0] << 8 | units[1]);
    if (size == 0 || size > units.size() - 2) return false;
    if (beginsKeyFrame(units[2] & 0x1F, units.subspan(3, size - 1))) return true;
    units = units.subspan(2 + size);
  }
  return false;
}

bool h264(Bytes payload) {
  if (payload.empty()) return false;
  const int type = payload[0] & 0x1F;
  if (type == kStapA) return stapA(payload.subspan(1));
  if (type == kFuA) {
    if (payload.size() < 2) return false;
    const bool start = (payload[1] & 0x80) != 0;
    return start && beginsKeyFrame(payload[1] & 0x1F, payload.subspan(2));
  }
  return beginsKeyFrame(type, payload.subspan(1));
}

}  // namespace

bool startsKeyFrame(std::string_view codecKey, std::span<const std::uint8_t> payload) {
  if (codecKey == "VP8") return vp8(payload);
  if (codecKey.starts_with("VP9")) return vp9(payload);
  if (codecKey.starts_with("H264")) return h264(payload);
  return false;
}

}  // namespace rtcpub::sfu
