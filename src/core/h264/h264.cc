#include "core/h264/h264.h"

#include <cstring>

#include "core/h264/bit_reader.h"

namespace rtcpub::h264 {
namespace {

constexpr std::size_t kStartCode = 3;  // 00 00 01
constexpr int kBaseline = 66;
constexpr std::uint32_t kRecoveryPoint = 6;  // payloadType (section D.1.1)

// Where the next start code begins, or the size.
std::size_t findStartCode(Bytes stream) {
  const std::uint8_t* const begin = stream.data();
  const std::uint8_t* const end = begin + stream.size();
  const std::uint8_t* at = begin;
  while (end - at >= static_cast<std::ptrdiff_t>(kStartCode)) {
    // The 1 is rare: it is looked for by memchr, many bytes at once.
    const void* const found = std::memchr(at + 2, 1, static_cast<std::size_t>(end - at - 2));
    if (found == nullptr) break;
    const auto* const one = static_cast<const std::uint8_t*>(found);
    if (one[-1] == 0 && one[-2] == 0) return static_cast<std::size_t>(one - begin) - 2;
    at = one - 1;
  }
  return stream.size();
}

Bytes behindStartCode(Bytes stream) {
  const std::size_t at = findStartCode(stream);
  return at == stream.size() ? Bytes{} : stream.subspan(at + kStartCode);
}

}  // namespace

NalReader::NalReader(Bytes stream) : rest_(behindStartCode(stream)) {}

std::optional<Nal> NalReader::next() {
  while (!rest_.empty()) {
    Bytes bytes = rest_.first(findStartCode(rest_));
    rest_ = behindStartCode(rest_.subspan(bytes.size()));
    // Zeros in front of the next start code belong to neither (section B.1.1).
    while (!bytes.empty() && bytes.back() == 0) bytes = bytes.first(bytes.size() - 1);
    if (!bytes.empty()) return Nal{static_cast<NalType>(bytes[0] & 31U), bytes};
  }
  return std::nullopt;
}

bool beginsPicture(Bytes payload) {
  // As ue(v) (section 9.1) 0 is a single 1.
  return !payload.empty() && (payload[0] & 0x80) != 0;
}

// Messages, each with its type and its size in front (section 7.3.2.3.1), as sums of bytes of which
// all but the last are 255.
bool hasRecoveryPoint(const Nal& sei) {
  BitReader reader(sei.bytes.subspan(1));
  const auto number = [&reader] {
    std::uint32_t sum = 0;
    std::uint32_t byte = 0;
    do {
      byte = reader.bits(8);
      sum += byte;
    } while (byte == 255 && reader.ok());
    return sum;
  };
  // Behind the last message there is one byte, 0x80.
  for (std::uint32_t type = number(); reader.ok(); type = number()) {
    const std::uint32_t size = number();
    if (!reader.ok()) return false;
    if (type == kRecoveryPoint) return true;
    for (std::uint32_t i = 0; i < size && reader.ok(); ++i) (void)reader.bits(8);
  }
  return false;
}

std::optional<SliceType> sliceType(const Nal& nal) {
  BitReader reader(nal.bytes.subspan(1));
  (void)reader.ue();  // first_mb_in_slice
  const std::uint32_t type = reader.ue();
  if (!reader.ok() || type > 9) return std::nullopt;
  return static_cast<SliceType>(type % 5);
}

AccessUnit inspect(Bytes accessUnit) {
  AccessUnit unit;
  NalReader reader(accessUnit);
  while (const auto nal = reader.next()) {
    switch (nal->type) {
      case NalType::kIdrSlice:
        unit.idr = true;
        [[fallthrough]];
      case NalType::kSlice:
      case NalType::kPartitionA:
        if (!unit.picture) unit.cutOff = !beginsPicture(nal->bytes.subspan(1));
        unit.picture = true;
        unit.bSlices = unit.bSlices || sliceType(*nal) == SliceType::kB;
        break;
      case NalType::kSps:
        if (const auto sps = parseSps(nal->bytes)) {
          unit.sps = sps;
          unit.plain420 = unit.plain420 && sps->plain420;
        } else {
          unit.plain420 = false;
        }
        break;
      case NalType::kSei:
        unit.recoveryPoint = unit.recoveryPoint || hasRecoveryPoint(*nal);
        break;
      case NalType::kPps:
        unit.pps = true;
        break;
      default:
        break;
    }
  }
  return unit;
}

bool Sps::rulesOutBFrames() const {
  return profile == kBaseline || (maxReorderFrames && *maxReorderFrames == 0);
}

}  // namespace rtcpub::h264
