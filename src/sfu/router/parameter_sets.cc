#include "sfu/router/parameter_sets.h"

#include <algorithm>

#include "core/h264/bit_reader.h"
#include "core/h264/h264.h"
#include "sfu/router/h264_payload.h"

namespace rtcpub::sfu {
namespace {

using Bytes = std::span<const std::uint8_t>;
using h264::NalType;

NalType typeOf(Bytes unit) { return static_cast<NalType>(unit[0] & 0x1F); }

/// seq_parameter_set_id or pic_parameter_set_id (ITU-T H.264 sections 7.3.2.1.1 and 7.3.2.2).
std::optional<std::uint32_t> idOf(Bytes unit) {
  const std::size_t before = typeOf(unit) == NalType::kSps ? 4 : 1;
  if (unit.size() <= before) return std::nullopt;
  BitReader reader(unit.subspan(before));
  const auto id = reader.ue();
  return reader.ok() ? std::optional(id) : std::nullopt;
}

}  // namespace

void ParameterSets::onPayload(std::uint32_t timestamp, Bytes payload) {
  forEachUnit(payload, [&](Bytes unit) {
    const auto type = typeOf(unit);
    if (type == NalType::kSps) timestamp_ = timestamp;
    if (type == NalType::kSps || type == NalType::kPps) take(unit);
  });
}

void ParameterSets::take(Bytes unit) {
  const auto id = idOf(unit);
  if (!id) return;
  std::erase_if(units_, [&](const Unit& other) {
    return typeOf(other) == typeOf(unit) && idOf(other) == id;
  });
  if (units_.size() == kMaxUnits) return;
  const auto place = std::find_if(units_.begin(), units_.end(),
                                  [&](const Unit& other) { return typeOf(unit) < typeOf(other); });
  units_.insert(place, Unit(unit.begin(), unit.end()));
}

std::vector<std::uint8_t> ParameterSets::payload() const {
  constexpr std::uint8_t kMostImportant = 0x60;  // nal_ref_idc
  const auto has = [this](NalType type) {
    return std::any_of(units_.begin(), units_.end(),
                       [type](const Unit& unit) { return typeOf(unit) == type; });
  };
  if (!has(NalType::kSps) || !has(NalType::kPps)) return {};
  std::vector<std::uint8_t> payload{static_cast<std::uint8_t>(kMostImportant | kStapA)};
  for (const Unit& unit : units_) {
    payload.push_back(static_cast<std::uint8_t>(unit.size() >> 8));
    payload.push_back(static_cast<std::uint8_t>(unit.size()));
    payload.insert(payload.end(), unit.begin(), unit.end());
  }
  return payload.size() <= kMaxBytes ? payload : std::vector<std::uint8_t>();
}

}  // namespace rtcpub::sfu
