#include "core/measure/video_meter.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kInterval{40};

class VideoMeterTest : public testing::Test {
 protected:
  void frameAfter(microseconds gap, std::optional<double> ageMs = {}) {
    now_ += gap;
    meter_.onFrame(640, 480, now_, ageMs);
  }
  void frames(int count, microseconds gap = kInterval) {
    for (int i = 0; i < count; ++i) frameAfter(gap);
  }

  VideoMeter meter_;
  Time now_{seconds(1000)};
};

TEST_F(VideoMeterTest, KnowsNothingBeforeTheFirstFrame) {
  EXPECT_EQ(meter_.fps(now_), 0);
  EXPECT_EQ(meter_.frames(), 0U);
  EXPECT_EQ(meter_.width(), 0);
  EXPECT_EQ(meter_.latency(now_), std::nullopt);
}

TEST_F(VideoMeterTest, CountsTheFramesOfTheLastSecond) {
  frames(100);
  EXPECT_EQ(meter_.fps(now_), 25);
  EXPECT_EQ(meter_.fps(now_ + milliseconds(500)), 13);
  EXPECT_EQ(meter_.fps(now_ + seconds(2)), 0);
  EXPECT_EQ(meter_.frames(), 100U);
}

TEST_F(VideoMeterTest, LeavesOutAFrameThatIsExactlyASecondOld) {
  frames(1);
  EXPECT_EQ(meter_.fps(now_ + seconds(1) - microseconds(1)), 1);
  EXPECT_EQ(meter_.fps(now_ + seconds(1)), 0);
}

TEST_F(VideoMeterTest, TellsTheSizeOfTheLastFrame) {
  frames(1);
  meter_.onFrame(1280, 720, now_ + kInterval, {});
  EXPECT_EQ(meter_.width(), 1280);
  EXPECT_EQ(meter_.height(), 720);
}

TEST_F(VideoMeterTest, SeesNoFreezeInASteadyStream) {
  frames(500);
  EXPECT_EQ(meter_.freezes(), 0U);
}

TEST_F(VideoMeterTest, CountsAGapOfMoreThanTheMeanAndAHundredAndFiftyMilliseconds) {
  frames(40);
  frameAfter(kInterval + milliseconds(150));
  EXPECT_EQ(meter_.freezes(), 0U);
  frames(40);
  frameAfter(kInterval + milliseconds(151));
  EXPECT_EQ(meter_.freezes(), 1U);
}

TEST_F(VideoMeterTest, CountsAGapOfMoreThanThreeIntervalsOfASlowStream) {
  frames(40, milliseconds(200));
  frameAfter(milliseconds(600));
  EXPECT_EQ(meter_.freezes(), 0U);
  frames(40, milliseconds(200));
  frameAfter(milliseconds(601));
  EXPECT_EQ(meter_.freezes(), 1U);
}

TEST_F(VideoMeterTest, CountsAGapOfManySecondsOnce) {
  frames(40);
  frameAfter(seconds(30));
  frames(40);
  EXPECT_EQ(meter_.freezes(), 1U);
}

TEST_F(VideoMeterTest, ToleratesAStutteringStart) {
  frameAfter(seconds(1));
  frameAfter(milliseconds(1));
  frameAfter(milliseconds(400));
  EXPECT_EQ(meter_.freezes(), 0U);
}

TEST_F(VideoMeterTest, TakesPercentilesByNearestRank) {
  for (int age = 100; age >= 1; --age) frameAfter(milliseconds(5), age);
  const auto latency = meter_.latency(now_);
  ASSERT_TRUE(latency.has_value());
  EXPECT_EQ(latency->p50, 50);
  EXPECT_EQ(latency->p95, 95);
  EXPECT_EQ(latency->p99, 99);
}

TEST_F(VideoMeterTest, TakesASingleAgeForAllPercentiles) {
  frameAfter(kInterval, 7.5);
  frameAfter(kInterval);
  const auto latency = meter_.latency(now_);
  ASSERT_TRUE(latency.has_value());
  EXPECT_EQ(latency->p50, 7.5);
  EXPECT_EQ(latency->p99, 7.5);
}

TEST_F(VideoMeterTest, ForgetsAgesAfterASecond) {
  frameAfter(kInterval, 500);
  frames(30);
  EXPECT_EQ(meter_.latency(now_), std::nullopt);
}

TEST_F(VideoMeterTest, BearsAClockThatStandsStill) {
  frames(50, microseconds(0));
  EXPECT_EQ(meter_.frames(), 50U);
  EXPECT_EQ(meter_.freezes(), 0U);
}

}  // namespace
}  // namespace rtcpub
