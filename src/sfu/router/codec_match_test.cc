#include "sfu/router/codec_match.h"

#include <gtest/gtest.h>

#include "sfu/router/fake_packets.h"

namespace rtcpub::sfu {
namespace {

using fake::codec;

TEST(CodecMatch, PassesEqualKeysOnly) {
  EXPECT_TRUE(canPass("VP8", "VP8"));
  EXPECT_TRUE(canPass("VP9/2", "VP9/2"));
  EXPECT_FALSE(canPass("VP9/0", "VP9/2"));
  EXPECT_FALSE(canPass("VP8", "VP9/0"));
  EXPECT_FALSE(canPass("VP8", "H264/42e0"));
}

TEST(CodecMatch, PassesAnH264ProfileToOneThatContainsIt) {
  for (const auto* to :
       {"H264/42e0", "H264/42c0", "H264/4200", "H264/4d00", "H264/6400", "H264/640c"}) {
    EXPECT_TRUE(canPass("H264/42e0", to)) << to;
  }
  EXPECT_TRUE(canPass("H264/4d00", "H264/6400"));
  EXPECT_TRUE(canPass("H264/640c", "H264/6400"));
}

TEST(CodecMatch, RefusesAnH264ProfileThatMayUseMore) {
  EXPECT_FALSE(canPass("H264/4200", "H264/42e0"));
  EXPECT_FALSE(canPass("H264/4200", "H264/6400"));
  EXPECT_FALSE(canPass("H264/6400", "H264/640c"));
  EXPECT_FALSE(canPass("H264/6400", "H264/42e0"));
  EXPECT_FALSE(canPass("H264/4d00", "H264/4200"));
}

TEST(CodecMatch, RefusesProfilesThatAreNone) {
  EXPECT_FALSE(canPass("H264/42e0", "H264/"));
  EXPECT_FALSE(canPass("H264/42e0", "H264/zzzz"));
  EXPECT_FALSE(canPass("H264/42e01f", "H264/42e0"));
  EXPECT_FALSE(canPass("H264/", "H264/42e0"));
}

TEST(CodecMatch, PrefersTheEqualKey) {
  const std::vector codecs{codec("H264/6400", 100), codec("H264/42e0", 101)};
  EXPECT_EQ(findCodec(codecs, "H264/42e0")->payloadType, 101);
  EXPECT_EQ(findCodec(codecs, "H264/42c0")->payloadType, 100);
  EXPECT_EQ(findCodec(codecs, "VP8"), nullptr);
}

}  // namespace
}  // namespace rtcpub::sfu
