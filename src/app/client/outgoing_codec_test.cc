#include "app/client/outgoing_codec.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

constexpr Time kNow{std::chrono::hours(1)};
const CodecReport kFirefox{.sent = "H264 Constrained Baseline (42e0)",
                           .taken = {"VP8", "VP9"},
                           .viewers = 1,
                           .lacking = 1,
                           .vp8 = 1,
                           .vp9 = 1};

TEST(OutgoingCodec, ChangesToWhatTheOnlyViewersTakeAndTellsOfNoMismatchThen) {
  OutgoingCodec codec;
  codec.begin(false);
  EXPECT_EQ(codec.first(), VideoCodec::kH264);
  EXPECT_TRUE(codec.onReport(kFirefox, kNow));
  EXPECT_EQ(codec.first(), VideoCodec::kVp8);
  EXPECT_FALSE(codec.mismatch());
  // Another one comes before the change is through.
  auto two = kFirefox;
  two.viewers = two.lacking = two.vp8 = two.vp9 = 2;
  EXPECT_FALSE(codec.onReport(two, kNow));
  EXPECT_FALSE(codec.mismatch());
}

TEST(OutgoingCodec, ChangesNothingThatIsFixedButTellsWhoSeesNothing) {
  OutgoingCodec codec;
  codec.begin(true);
  EXPECT_FALSE(codec.onReport(kFirefox, kNow));
  EXPECT_FALSE(codec.onTime(kNow + std::chrono::hours(1)));
  EXPECT_EQ(codec.first(), VideoCodec::kH264);
  ASSERT_TRUE(codec.mismatch());
  EXPECT_EQ(codec.mismatch()->sent, kFirefox.sent);
  EXPECT_EQ(codec.mismatch()->taken, kFirefox.taken);
  EXPECT_EQ(codec.mismatch()->viewers, 1);
}

TEST(OutgoingCodec, TellsOfTheViewersForWhomNothingIsChanged) {
  OutgoingCodec codec;
  codec.begin(false);
  EXPECT_FALSE(codec.onReport({.sent = "H264 Constrained Baseline (42e0)",
                               .taken = {"VP8"},
                               .viewers = 3,
                               .lacking = 1,
                               .h264 = 2,
                               .vp8 = 3},
                              kNow));
  ASSERT_TRUE(codec.mismatch());
  EXPECT_EQ(codec.mismatch()->viewers, 1);
}

TEST(OutgoingCodec, KeepsItsChoiceForTheNextPeerConnection) {
  OutgoingCodec codec;
  codec.begin(false);
  (void)codec.onReport(kFirefox, kNow);
  EXPECT_FALSE(codec.onReport({}, kNow)) << "the connection is gone";
  EXPECT_FALSE(codec.mismatch());
  codec.begin(false);
  EXPECT_EQ(codec.first(), VideoCodec::kVp8);
  EXPECT_FALSE(codec.onReport(kFirefox, kNow));
  EXPECT_FALSE(codec.onTime(kNow + 2 * CodecChoice::kCalm));
}

}  // namespace
}  // namespace rtcpub
