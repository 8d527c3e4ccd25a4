#include "sfu/router/key_frame.h"

#include <cstddef>

namespace rtcpub::sfu {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// How long the VP8 payload descriptor is (RFC 7741 section 4.2); 0 when it is cut off.
std::size_t vp8DescriptorSize(Bytes payload) {
  const bool extended = (payload[0] & 0x80) != 0;
  if (!extended) return 1;
  if (payload.size() < 2) return 0;
  const std::uint8_t flags = payload[1];
  std::size_t size = 2;
  if ((flags & 0x80) != 0) {  // I: a picture id of one or two bytes
    if (payload.size() < 3) return 0;
    size += (payload[2] & 0x80) != 0 ? 2 : 1;
  }
  if ((flags & 0x40) != 0) ++size;  // L
  if ((flags & 0x30) != 0) ++size;  // T, K
  return size;
}

/// The start of a frame's first partition; its first byte tells the kind (RFC 7741 section 4.3).
bool vp8(Bytes payload) {
  if (payload.empty()) return false;
  const bool startsFrame = (payload[0] & 0x10) != 0 && (payload[0] & 0x07) == 0;
  if (!startsFrame) return false;
  const std::size_t size = vp8DescriptorSize(payload);
  return size != 0 && size < payload.size() && (payload[size] & 0x01) == 0;  // P: 0 is a key frame
}

/// RFC 9628 section 4.2: not predicted from another picture, first packet of the lowest layer.
bool vp9(Bytes payload) {
  if (payload.empty()) return false;
  const std::uint8_t first = payload[0];
  const bool hasPictureId = (first & 0x80) != 0;
  const bool predicted = (first & 0x40) != 0;
  const bool hasLayer = (first & 0x20) != 0;
  const bool startsFrame = (first & 0x08) != 0;
  if (predicted || !startsFrame) return false;
  if (!hasLayer) return true;
  std::size_t at = 1;
  if (hasPictureId) {
    if (payload.size() < 2) return false;
    at += (payload[1] & 0x80) != 0 ? 2 : 1;
  }
  return at < payload.size() && (payload[at] & 0x0E) == 0;  // SID
}

constexpr int kIdr = 5;
constexpr int kSps = 7;
constexpr int kStapA = 24;
constexpr int kFuA = 28;

bool beginsKeyFrame(int nalType) { return nalType == kIdr || nalType == kSps; }

/// RFC 6184 section 5.7.1: after the STAP-A's byte, units that each follow their 16-bit size.
bool stapA(Bytes units) {
  while (units.size() > 2) {
    const std::size_t size = static_cast<std::size_t>(units[0] << 8 | units[1]);
    if (size == 0 || size > units.size() - 2) return false;
    if (beginsKeyFrame(units[2] & 0x1F)) return true;
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
    return start && beginsKeyFrame(payload[1] & 0x1F);
  }
  return beginsKeyFrame(type);
}

}  // namespace

bool startsKeyFrame(std::string_view codecKey, std::span<const std::uint8_t> payload) {
  if (codecKey == "VP8") return vp8(payload);
  if (codecKey.starts_with("VP9")) return vp9(payload);
  if (codecKey.starts_with("H264")) return h264(payload);
  return false;
}

}  // namespace rtcpub::sfu
