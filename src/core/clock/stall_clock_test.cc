#include "core/clock/stall_clock.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

TEST(StallClock, PassesWhilePicturesCome) {
  StallClock clock;
  Time now{1h};
  EXPECT_EQ(clock.onPicture(now), 0us);
  for (int i = 1; i <= 30; ++i) EXPECT_EQ(clock.onPicture(now += 33ms), i * 33ms);
}

TEST(StallClock, CountsAStandstillAsOneStepHoweverLong) {
  StallClock clock;
  (void)clock.onPicture(Time{1h});
  EXPECT_EQ(clock.onPicture(Time{1h + 2600ms}), StallClock::kLongestStep);
  EXPECT_EQ(clock.onPicture(Time{100h}), 2 * StallClock::kLongestStep);
}

TEST(StallClock, ShowsTrueTimeAtTwoPicturesASecond) {
  StallClock clock;
  (void)clock.onPicture(Time{1h});
  EXPECT_EQ(clock.onPicture(Time{1h + 500ms}), 500ms);
}

TEST(StallClock, NeverGoesBack) {
  StallClock clock;
  (void)clock.onPicture(Time{1h});
  EXPECT_EQ(clock.onPicture(Time{1h - 1s}), 0us);
}

}  // namespace
}  // namespace rtcpub
