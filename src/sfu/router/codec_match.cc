#include "sfu/router/codec_match.h"

#include <algorithm>
#include <charconv>

namespace rtcpub::sfu {
namespace {

constexpr std::string_view kH264Prefix = "H264/";
constexpr std::string_view kVp9Prefix = "VP9/";

/// A profile, and how much its decoders can: those of a higher rank decode all that is below.
struct H264Profile {
  int rank = 0;
  const char* name = "";
};

/// profile_idc, then the constraint flags, e.g. 0x42E0.
H264Profile profileOf(unsigned value) {
  constexpr unsigned kConstraintSet1 = 0x40;    // of Baseline: Constrained Baseline
  constexpr unsigned kConstraintSets45 = 0x0C;  // of High: Constrained High
  switch (value >> 8) {
    case 0x42:
      return {1, (value & kConstraintSet1) != 0 ? "Constrained Baseline" : "Baseline"};
    case 0x4D:
      return {2, "Main"};
    case 0x64:
      return {3, (value & kConstraintSets45) == kConstraintSets45 ? "Constrained High" : "High"};
    case 0x6E:
      return {4, "High 10"};
    case 0x7A:
      return {5, "High 4:2:2"};
    case 0xF4:
      return {6, "High 4:4:4"};
    default:
      return {};
  }
}

/// Of "H264/42e0", say.
std::optional<unsigned> profileNumber(std::string_view key) {
  if (!key.starts_with(kH264Prefix) || key.size() != kH264Prefix.size() + 4) return std::nullopt;
  key.remove_prefix(kH264Prefix.size());
  unsigned value = 0;
  const auto result = std::from_chars(key.data(), key.data() + key.size(), value, 16);
  if (result.ec != std::errc{} || result.ptr != key.data() + key.size()) return std::nullopt;
  return value;
}

/// 0 for what is no H264, and for profiles of which nothing is known.
int rankOf(std::string_view key) {
  const auto number = profileNumber(key);
  return number ? profileOf(*number).rank : 0;
}

}  // namespace

bool canPass(std::string_view from, std::string_view to) {
  if (from == to) return true;
  const int source = rankOf(from);
  return source != 0 && source <= rankOf(to);
}

const NegotiatedCodec* findCodec(const std::vector<NegotiatedCodec>& codecs, std::string_view key) {
  const NegotiatedCodec* best = nullptr;
  for (const auto& codec : codecs) {
    if (codec.key == key) return &codec;
    if (!canPass(key, codec.key)) continue;
    if (best == nullptr || rankOf(codec.key) < rankOf(best->key)) best = &codec;
  }
  return best;
}

std::optional<VideoCodec> videoCodecOf(std::string_view key) {
  if (key.starts_with(kH264Prefix)) return VideoCodec::kH264;
  if (key == "VP8") return VideoCodec::kVp8;
  if (key.starts_with(kVp9Prefix)) return VideoCodec::kVp9;
  return std::nullopt;
}

std::string wordsFor(std::string_view key) {
  if (key.starts_with(kVp9Prefix)) {
    const std::string profile(key.substr(kVp9Prefix.size()));
    return profile == "0" ? "VP9" : "VP9 profile " + profile;
  }
  const auto number = profileNumber(key);
  if (!number) return std::string(key);
  const std::string name = profileOf(*number).name;
  const std::string digits(key.substr(kH264Prefix.size()));
  return name.empty() ? "H264 of profile " + digits : "H264 " + name + " (" + digits + ")";
}

}  // namespace rtcpub::sfu
