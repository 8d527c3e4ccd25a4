#include "core/session/codec_choice.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

class CodecChoiceTest : public testing::Test {
 protected:
  bool hear(int viewers, int h264, int vp8, int vp9 = 0) {
    return choice_.onReport({.viewers = viewers, .h264 = h264, .vp8 = vp8, .vp9 = vp9}, now_);
  }
  bool wait(std::chrono::milliseconds time) {
    now_ += time;
    return choice_.onTime(now_);
  }

  CodecChoice choice_;
  Time now_{1h};
};

TEST_F(CodecChoiceTest, BeginsWithH264AndStaysWhileSomeViewerTakesIt) {
  EXPECT_EQ(choice_.codec(), VideoCodec::kH264);
  EXPECT_FALSE(hear(0, 0, 0));
  EXPECT_FALSE(hear(1, 1, 1));
  EXPECT_FALSE(hear(2, 1, 2));
  EXPECT_EQ(choice_.codec(), VideoCodec::kH264);
}

TEST_F(CodecChoiceTest, TakesVp8AtOnceWhenNoViewerTakesH264) {
  EXPECT_TRUE(hear(2, 0, 2, 2));
  EXPECT_EQ(choice_.codec(), VideoCodec::kVp8);
  EXPECT_FALSE(hear(3, 0, 3, 3));
}

TEST_F(CodecChoiceTest, TakesVp9WhenThatIsAllThatThereIs) {
  EXPECT_TRUE(hear(1, 0, 0, 1));
  EXPECT_EQ(choice_.codec(), VideoCodec::kVp9);
}

TEST_F(CodecChoiceTest, StaysWhenNothingHelps) {
  EXPECT_FALSE(hear(1, 0, 0, 0));
  EXPECT_EQ(choice_.codec(), VideoCodec::kH264);
}

TEST_F(CodecChoiceTest, TakesNothingFromAViewerThatSees) {
  hear(1, 0, 1);
  EXPECT_FALSE(hear(2, 1, 1)) << "one of each kind: the first one goes on seeing";
  EXPECT_EQ(choice_.codec(), VideoCodec::kVp8);
  EXPECT_FALSE(wait(5min));
}

TEST_F(CodecChoiceTest, GoesBackAtOnceWhenNobodySeesAnythingElse) {
  hear(1, 0, 1);
  EXPECT_TRUE(hear(1, 1, 0)) << "the only viewer now takes H264 alone";
  EXPECT_EQ(choice_.codec(), VideoCodec::kH264);
}

TEST_F(CodecChoiceTest, GoesBackWhenH264SuitedAllForThirtySeconds) {
  hear(1, 0, 1);
  EXPECT_FALSE(hear(2, 2, 2));
  EXPECT_FALSE(wait(29'999ms));
  EXPECT_TRUE(wait(1ms));
  EXPECT_EQ(choice_.codec(), VideoCodec::kH264);
  EXPECT_FALSE(wait(1min));
}

TEST_F(CodecChoiceTest, GoesBackWhenNobodyWasThereForThirtySeconds) {
  hear(1, 0, 1);
  EXPECT_FALSE(hear(0, 0, 0));
  EXPECT_FALSE(wait(29s));
  EXPECT_TRUE(wait(1s));
}

TEST_F(CodecChoiceTest, DoesNotGoToAndFroWhenAPageIsLoadedAgain) {
  hear(1, 0, 1);
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(hear(0, 0, 0));
    EXPECT_FALSE(wait(20s));
    EXPECT_FALSE(hear(1, 0, 1));
    EXPECT_FALSE(wait(20s));
  }
  EXPECT_EQ(choice_.codec(), VideoCodec::kVp8);
}

}  // namespace
}  // namespace rtcpub
