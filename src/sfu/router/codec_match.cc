#include "sfu/router/codec_match.h"

#include <cstdint>
#include <string_view>

namespace rtcpub::sfu {
namespace {

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

/// 0 for what is no H264, and for profiles of which nothing is known.
int rankOf(Codec codec) {
  return codec.kind == CodecKind::kH264 ? profileOf(codec.profile).rank : 0;
}

/// How SDP begins a profile-level-id: "42e0".
std::string hex(std::uint16_t profile) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const int shift : {12, 8, 4, 0}) out += kDigits[(profile >> shift) & 0xF];
  return out;
}

}  // namespace

bool canPass(Codec from, Codec to) {
  if (from == to) return true;
  const int source = rankOf(from);
  return source != 0 && source <= rankOf(to);
}

const NegotiatedCodec* findCodec(const std::vector<NegotiatedCodec>& codecs, Codec sends) {
  const NegotiatedCodec* best = nullptr;
  for (const auto& one : codecs) {
    if (one.codec == sends) return &one;
    if (!canPass(sends, one.codec)) continue;
    if (best == nullptr || rankOf(one.codec) < rankOf(best->codec)) best = &one;
  }
  return best;
}

std::string wordsFor(Codec codec) {
  std::string kind(name(codec.kind));
  if (codec.kind == CodecKind::kVp9) {
    return codec.profile == 0 ? kind : kind + " profile " + std::to_string(codec.profile);
  }
  if (codec.kind != CodecKind::kH264) return kind;
  const std::string profile = profileOf(codec.profile).name;
  const std::string digits = hex(codec.profile);
  return profile.empty() ? kind + " of profile " + digits
                         : kind + " " + profile + " (" + digits + ")";
}

}  // namespace rtcpub::sfu
