#include "sfu/router/codec_match.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace rtcpub::sfu {
namespace {

enum class H264Profile { kConstrainedBaseline, kBaseline, kMain, kConstrainedHigh, kHigh };

/// Reads profile_idc and the constraint flags, e.g. of "H264/42e0".
std::optional<H264Profile> parseProfile(std::string_view key) {
  constexpr std::string_view kPrefix = "H264/";
  constexpr unsigned kConstraintSet1 = 0x40;    // of Baseline: Constrained Baseline
  constexpr unsigned kConstraintSets45 = 0x0C;  // of High: Constrained High
  if (!key.starts_with(kPrefix) || key.size() != kPrefix.size() + 4) return std::nullopt;
  key.remove_prefix(kPrefix.size());
  unsigned value = 0;
  const auto result = std::from_chars(key.data(), key.data() + key.size(), value, 16);
  if (result.ec != std::errc{} || result.ptr != key.data() + key.size()) return std::nullopt;
  switch (value >> 8) {
    case 0x42:
      return (value & kConstraintSet1) != 0 ? H264Profile::kConstrainedBaseline
                                            : H264Profile::kBaseline;
    case 0x4D:
      return H264Profile::kMain;
    case 0x64:
      return (value & kConstraintSets45) == kConstraintSets45 ? H264Profile::kConstrainedHigh
                                                              : H264Profile::kHigh;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool canPass(std::string_view from, std::string_view to) {
  if (from == to) return true;
  const auto source = parseProfile(from);
  const auto sink = parseProfile(to);
  if (!source || !sink) return false;
  if (*source == *sink || *source == H264Profile::kConstrainedBaseline) return true;
  return *sink == H264Profile::kHigh &&
         (*source == H264Profile::kMain || *source == H264Profile::kConstrainedHigh);
}

const NegotiatedCodec* findCodec(const std::vector<NegotiatedCodec>& codecs, std::string_view key) {
  auto found = std::find_if(codecs.begin(), codecs.end(),
                            [key](const auto& codec) { return codec.key == key; });
  if (found == codecs.end()) {
    found = std::find_if(codecs.begin(), codecs.end(),
                         [key](const auto& codec) { return canPass(key, codec.key); });
  }
  return found == codecs.end() ? nullptr : &*found;
}

}  // namespace rtcpub::sfu
