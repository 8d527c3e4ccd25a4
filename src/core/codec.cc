#include "core/codec.h"

#include <array>

#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::array kVideoCodecs = {VideoCodec::kH264, VideoCodec::kVp8, VideoCodec::kVp9};

}  // namespace

std::optional<VideoCodec> videoCodecOf(CodecKind kind) {
  switch (kind) {
    case CodecKind::kOpus:
      return std::nullopt;
    case CodecKind::kH264:
      return VideoCodec::kH264;
    case CodecKind::kVp8:
      return VideoCodec::kVp8;
    case CodecKind::kVp9:
      return VideoCodec::kVp9;
  }
  return std::nullopt;
}

CodecKind kindOf(VideoCodec codec) {
  switch (codec) {
    case VideoCodec::kVp8:
      return CodecKind::kVp8;
    case VideoCodec::kVp9:
      return CodecKind::kVp9;
    case VideoCodec::kH264:
      break;
  }
  return CodecKind::kH264;
}

std::string_view name(CodecKind kind) {
  switch (kind) {
    case CodecKind::kOpus:
      return "opus";
    case CodecKind::kH264:
      return "H264";
    case CodecKind::kVp8:
      return "VP8";
    case CodecKind::kVp9:
      return "VP9";
  }
  return "unknown";
}

std::string_view name(VideoCodec codec) {
  switch (codec) {
    case VideoCodec::kH264:
      return "h264";
    case VideoCodec::kVp8:
      return "vp8";
    case VideoCodec::kVp9:
      return "vp9";
  }
  return "unknown";
}

Result<VideoCodec> parseVideoCodec(std::string_view codecName) {
  constexpr std::size_t kLongest = 8;  // more than any is long
  const auto lower = text::toLower(codecName.substr(0, kLongest));
  for (const auto codec : kVideoCodecs) {
    if (lower == name(codec)) return codec;
  }
  return fail(ErrorCode::kInvalidArgument,
              "unknown codec " + text::quote(codecName) + "; there are h264, vp8 and vp9");
}

}  // namespace rtcpub
