#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rtcpub/codec.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// What a server passes on. By its RTP payload format.
enum class CodecKind : std::uint8_t { kOpus, kH264, kVp8, kVp9 };

/// A codec as far as it decides who can decode what. Small, so that it can be looked at for each
/// packet.
struct Codec {
  CodecKind kind = CodecKind::kOpus;
  /// H264: how its profile-level-id begins, 0x42E0 say: profile_idc, then the constraint flags
  /// (RFC 6184 section 8.1). VP9: its profile-id (RFC 9628 section 6). 0 for the others.
  std::uint16_t profile = 0;

  static constexpr Codec opus() { return {CodecKind::kOpus, 0}; }
  static constexpr Codec vp8() { return {CodecKind::kVp8, 0}; }
  static constexpr Codec vp9(std::uint16_t profile) { return {CodecKind::kVp9, profile}; }
  static constexpr Codec h264(std::uint16_t profile) { return {CodecKind::kH264, profile}; }

  friend bool operator==(const Codec&, const Codec&) = default;
};

/// Nothing for audio.
[[nodiscard]] std::optional<VideoCodec> videoCodecOf(CodecKind kind);
[[nodiscard]] CodecKind kindOf(VideoCodec codec);

/// As SDP and people name it: "H264", "VP8", "VP9", "opus".
[[nodiscard]] std::string_view name(CodecKind kind);

/// As options and URLs name it: "h264", "vp8", "vp9".
[[nodiscard]] std::string_view name(VideoCodec codec);

/// The inverse, in any case. Errors: kInvalidArgument.
[[nodiscard]] Result<VideoCodec> parseVideoCodec(std::string_view name);

}  // namespace rtcpub
