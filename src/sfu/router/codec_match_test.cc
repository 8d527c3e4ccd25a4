#include "sfu/router/codec_match.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sfu/router/fake_packets.h"

namespace rtcpub::sfu {
namespace {

using fake::codec;

TEST(CodecMatch, PassesTheSameCodecOnly) {
  EXPECT_TRUE(canPass(Codec::vp8(), Codec::vp8()));
  EXPECT_TRUE(canPass(Codec::vp9(2), Codec::vp9(2)));
  EXPECT_FALSE(canPass(Codec::vp9(0), Codec::vp9(2)));
  EXPECT_FALSE(canPass(Codec::vp8(), Codec::vp9(0)));
  EXPECT_FALSE(canPass(Codec::vp8(), Codec::h264(0x42E0)));
}

TEST(CodecMatch, PassesAnH264ProfileToThoseThatContainIt) {
  // What each source may be sent as; everything else is refused.
  struct Row {
    std::uint16_t from;
    std::vector<std::uint16_t> to;
  };
  const std::vector<std::uint16_t> all{0x42E0, 0x42C0, 0x4200, 0x4D00, 0x640C,
                                       0x6400, 0x6E00, 0x7A00, 0xF400};
  const std::vector<std::uint16_t> fromMain(all.begin() + 3, all.end());
  const std::vector<std::uint16_t> fromHigh(all.begin() + 4, all.end());
  for (const auto& [from, to] :
       {Row{0x42E0, all}, Row{0x42C0, all}, Row{0x4200, all}, Row{0x4D00, fromMain},
        Row{0x4D40, fromMain}, Row{0x6400, fromHigh}, Row{0x640C, fromHigh},
        Row{0x6E00, {0x6E00, 0x7A00, 0xF400}}, Row{0x7A00, {0x7A00, 0xF400}},
        Row{0xF400, {0xF400}}}) {
    for (const auto& sink : all) {
      const bool listed = std::find(to.begin(), to.end(), sink) != to.end();
      EXPECT_EQ(canPass(Codec::h264(from), Codec::h264(sink)), listed)
          << std::hex << from << " to " << sink;
    }
  }
}

TEST(CodecMatch, PassesWhatUsersReported) {
  // Robots on Pion, aiortc and GStreamer (42001f) and Safari's or an older Firefox's viewers.
  EXPECT_TRUE(canPass(Codec::h264(0x4200), Codec::h264(0x42E0)));
  EXPECT_TRUE(canPass(Codec::h264(0x4200), Codec::h264(0x640C)));
  // The default of hardware encoders (640032, 4d0033), and Safari (640c1f).
  EXPECT_TRUE(canPass(Codec::h264(0x6400), Codec::h264(0x640C)));
  EXPECT_TRUE(canPass(Codec::h264(0x4D00), Codec::h264(0x640C)));
  // Chromium, when it only receives, names f4001f and no 64001f.
  EXPECT_TRUE(canPass(Codec::h264(0x6400), Codec::h264(0xF400)));
}

TEST(CodecMatch, KnowsOnlyItselfOfAnUnknownProfile) {
  EXPECT_TRUE(canPass(Codec::h264(0x5800), Codec::h264(0x5800)));
  EXPECT_FALSE(canPass(Codec::h264(0x5800), Codec::h264(0x6400)));
  EXPECT_FALSE(canPass(Codec::h264(0x42E0), Codec::h264(0x5800)));
}

TEST(CodecMatch, PrefersTheSameCodecThenTheProfileThatIsTheLeastAbove) {
  const std::vector codecs{codec(Codec::h264(0x6400), 100), codec(Codec::h264(0x4D00), 101),
                           codec(Codec::h264(0x42E0), 102)};
  EXPECT_EQ(findCodec(codecs, Codec::h264(0x42E0))->payloadType, 102);
  EXPECT_EQ(findCodec(codecs, Codec::h264(0x4200))->payloadType, 102);
  EXPECT_EQ(findCodec(codecs, Codec::h264(0x4D40))->payloadType, 101);
  EXPECT_EQ(findCodec(codecs, Codec::h264(0x640C))->payloadType, 100);
  EXPECT_EQ(findCodec(codecs, Codec::vp8()), nullptr);
  // High, Main and Baseline listed, without Constrained Baseline.
  const std::vector three{codec(Codec::h264(0x6400), 100), codec(Codec::h264(0x4D00), 101),
                          codec(Codec::h264(0x4200), 102)};
  EXPECT_EQ(findCodec(three, Codec::h264(0x42E0))->payloadType, 102);
  EXPECT_EQ(findCodec(three, Codec::h264(0x6400))->payloadType, 100);
}

TEST(CodecMatch, NamesCodecsForPeople) {
  EXPECT_EQ(wordsFor(Codec::h264(0x42E0)), "H264 Constrained Baseline (42e0)");
  EXPECT_EQ(wordsFor(Codec::h264(0x4200)), "H264 Baseline (4200)");
  EXPECT_EQ(wordsFor(Codec::h264(0x6400)), "H264 High (6400)");
  EXPECT_EQ(wordsFor(Codec::h264(0x5800)), "H264 of profile 5800");
  EXPECT_EQ(wordsFor(Codec::vp8()), "VP8");
  EXPECT_EQ(wordsFor(Codec::vp9(0)), "VP9");
  EXPECT_EQ(wordsFor(Codec::vp9(2)), "VP9 profile 2");
}

}  // namespace
}  // namespace rtcpub::sfu
