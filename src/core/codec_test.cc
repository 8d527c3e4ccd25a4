#include "core/codec.h"

#include <gtest/gtest.h>

#include <string>

namespace rtcpub {
namespace {

TEST(Codec, IsAnotherOneWithAnotherProfile) {
  EXPECT_EQ(Codec::h264(0x42E0), Codec::h264(0x42E0));
  EXPECT_NE(Codec::h264(0x42E0), Codec::h264(0x4200));
  EXPECT_NE(Codec::vp9(0), Codec::vp9(2));
  EXPECT_NE(Codec::vp9(0), Codec::vp8());
}

TEST(Codec, TellsVideoFromAudio) {
  for (const auto codec : {VideoCodec::kH264, VideoCodec::kVp8, VideoCodec::kVp9}) {
    EXPECT_EQ(videoCodecOf(kindOf(codec)), codec);
  }
  EXPECT_EQ(videoCodecOf(CodecKind::kOpus), std::nullopt);
}

TEST(Codec, IsNamedAsInSdp) {
  EXPECT_EQ(name(CodecKind::kH264), "H264");
  EXPECT_EQ(name(CodecKind::kVp8), "VP8");
  EXPECT_EQ(name(CodecKind::kVp9), "VP9");
  EXPECT_EQ(name(CodecKind::kOpus), "opus");
}

TEST(VideoCodecName, IsReadInAnyCase) {
  for (const auto codec : {VideoCodec::kH264, VideoCodec::kVp8, VideoCodec::kVp9}) {
    EXPECT_EQ(parseVideoCodec(name(codec)), codec);
    EXPECT_EQ(parseVideoCodec(name(kindOf(codec))), codec);
  }
}

TEST(VideoCodecName, IsRefusedWhenThereIsNoSuchCodec) {
  for (const auto* text : {"", "h265", "vp8 ", "VP", "opus", "h264\n"}) {
    const auto parsed = parseVideoCodec(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
  }
  const auto longOne = parseVideoCodec(std::string(100000, 'h'));
  ASSERT_FALSE(longOne);
  EXPECT_LT(longOne.error().message.size(), 200U);
}

}  // namespace
}  // namespace rtcpub
