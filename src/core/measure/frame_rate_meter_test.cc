#include "core/measure/frame_rate_meter.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using std::chrono::milliseconds;

TEST(FrameRateMeter, IsTheNominalOneUntilEnoughPicturesCame) {
  FrameRateMeter rate(30);
  for (int i = 0; i < 5; ++i) {
    rate.onFrame(Time(milliseconds(100 * i)));
    EXPECT_DOUBLE_EQ(rate.fps(), 30);
  }
  rate.onFrame(Time(milliseconds(500)));
  EXPECT_DOUBLE_EQ(rate.fps(), 10);
}

TEST(FrameRateMeter, FollowsTheLastSecond) {
  FrameRateMeter rate(30);
  Time now{};
  for (int i = 0; i < 60; ++i) rate.onFrame(now += milliseconds(20));
  EXPECT_DOUBLE_EQ(rate.fps(), 50);
  for (int i = 0; i < 60; ++i) rate.onFrame(now += milliseconds(100));
  EXPECT_DOUBLE_EQ(rate.fps(), 10);
}

TEST(FrameRateMeter, BeginsAnewAfterAPauseOrAClockThatWentBack) {
  FrameRateMeter rate(30);
  Time now{};
  for (int i = 0; i < 60; ++i) rate.onFrame(now += milliseconds(20));
  rate.onFrame(now += std::chrono::seconds(5));
  EXPECT_DOUBLE_EQ(rate.fps(), 30);
  for (int i = 0; i < 60; ++i) rate.onFrame(now += milliseconds(20));
  rate.onFrame(now - std::chrono::seconds(3));
  EXPECT_DOUBLE_EQ(rate.fps(), 30);
}

}  // namespace
}  // namespace rtcpub
