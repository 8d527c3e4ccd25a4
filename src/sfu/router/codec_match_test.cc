#include "sfu/router/codec_match.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

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

TEST(CodecMatch, PassesAnH264ProfileToThoseThatContainIt) {
  // What each source may be sent as; everything else is refused.
  struct Row {
    const char* from;
    std::vector<std::string> to;
  };
  const std::vector<std::string> all{"42e0", "42c0", "4200", "4d00", "640c",
                                     "6400", "6e00", "7a00", "f400"};
  const std::vector<std::string> fromMain(all.begin() + 3, all.end());
  const std::vector<std::string> fromHigh(all.begin() + 4, all.end());
  for (const auto& [from, to] :
       {Row{"42e0", all}, Row{"42c0", all}, Row{"4200", all}, Row{"4d00", fromMain},
        Row{"4d40", fromMain}, Row{"6400", fromHigh}, Row{"640c", fromHigh},
        Row{"6e00", {"6e00", "7a00", "f400"}}, Row{"7a00", {"7a00", "f400"}},
        Row{"f400", {"f400"}}}) {
    for (const auto& sink : all) {
      const bool listed = std::find(to.begin(), to.end(), sink) != to.end();
      EXPECT_EQ(canPass(std::string("H264/") + from, "H264/" + sink), listed)
          << from << " to " << sink;
    }
  }
}

TEST(CodecMatch, PassesWhatUsersReported) {
  // Robots on Pion, aiortc and GStreamer (42001f) and Safari's or an older Firefox's viewers.
  EXPECT_TRUE(canPass("H264/4200", "H264/42e0"));
  EXPECT_TRUE(canPass("H264/4200", "H264/640c"));
  // The default of hardware encoders (640032, 4d0033), and Safari (640c1f).
  EXPECT_TRUE(canPass("H264/6400", "H264/640c"));
  EXPECT_TRUE(canPass("H264/4d00", "H264/640c"));
  // Chromium, when it only receives, names f4001f and no 64001f.
  EXPECT_TRUE(canPass("H264/6400", "H264/f400"));
}

TEST(CodecMatch, RefusesProfilesThatAreNone) {
  EXPECT_FALSE(canPass("H264/42e0", "H264/"));
  EXPECT_FALSE(canPass("H264/42e0", "H264/zzzz"));
  EXPECT_FALSE(canPass("H264/42e01f", "H264/42e0"));
  EXPECT_FALSE(canPass("H264/", "H264/42e0"));
}

TEST(CodecMatch, KnowsOnlyItselfOfAnUnknownProfile) {
  EXPECT_TRUE(canPass("H264/5800", "H264/5800"));
  EXPECT_FALSE(canPass("H264/5800", "H264/6400"));
  EXPECT_FALSE(canPass("H264/42e0", "H264/5800"));
}

TEST(CodecMatch, PrefersTheEqualKeyThenTheProfileThatIsTheLeastAbove) {
  const std::vector codecs{codec("H264/6400", 100), codec("H264/4d00", 101),
                           codec("H264/42e0", 102)};
  EXPECT_EQ(findCodec(codecs, "H264/42e0")->payloadType, 102);
  EXPECT_EQ(findCodec(codecs, "H264/4200")->payloadType, 102);
  EXPECT_EQ(findCodec(codecs, "H264/4d40")->payloadType, 101);
  EXPECT_EQ(findCodec(codecs, "H264/640c")->payloadType, 100);
  EXPECT_EQ(findCodec(codecs, "VP8"), nullptr);
  // High, Main and Baseline listed, without Constrained Baseline.
  const std::vector three{codec("H264/6400", 100), codec("H264/4d00", 101),
                          codec("H264/4200", 102)};
  EXPECT_EQ(findCodec(three, "H264/42e0")->payloadType, 102);
  EXPECT_EQ(findCodec(three, "H264/6400")->payloadType, 100);
}

TEST(CodecMatch, TellsTheCodecOfAKey) {
  EXPECT_EQ(videoCodecOf("H264/42e0"), VideoCodec::kH264);
  EXPECT_EQ(videoCodecOf("VP8"), VideoCodec::kVp8);
  EXPECT_EQ(videoCodecOf("VP9/2"), VideoCodec::kVp9);
  EXPECT_EQ(videoCodecOf("opus"), std::nullopt);
}

TEST(CodecMatch, NamesCodecsForPeople) {
  EXPECT_EQ(wordsFor("H264/42e0"), "H264 Constrained Baseline (42e0)");
  EXPECT_EQ(wordsFor("H264/4200"), "H264 Baseline (4200)");
  EXPECT_EQ(wordsFor("H264/6400"), "H264 High (6400)");
  EXPECT_EQ(wordsFor("H264/5800"), "H264 of profile 5800");
  EXPECT_EQ(wordsFor("VP8"), "VP8");
  EXPECT_EQ(wordsFor("VP9/0"), "VP9");
  EXPECT_EQ(wordsFor("VP9/2"), "VP9 profile 2");
}

}  // namespace
}  // namespace rtcpub::sfu
