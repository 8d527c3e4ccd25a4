#include "sfu/transport/pace.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using namespace std::chrono_literals;

TEST(Pace, IsRightWhileNothingWaits) {
  const Pace pace;
  EXPECT_TRUE(pace.keepsUp(Time(100s)));
}

TEST(Pace, GivesAClientTimeBeforeNobodyWaitsForIt) {
  Pace pace;
  const Time start(100s);
  pace.begin(start);
  EXPECT_TRUE(pace.keepsUp(start + 499ms));
  EXPECT_FALSE(pace.keepsUp(start + 500ms));
}

TEST(Pace, IsRightAsLongAsTheClientTakesEnough) {
  Pace pace;
  Time now(100s);
  pace.begin(now);
  for (int i = 0; i < 100; ++i) {
    now += 50ms;
    pace.onTaken(Pace::kLeast / 8, now);
    EXPECT_TRUE(pace.keepsUp(now)) << i;
  }
  EXPECT_FALSE(pace.keepsUp(now + 1100ms));
}

TEST(Pace, IsWrongWhenTheClientTakesALittleOnly) {
  Pace pace;
  Time now(100s);
  pace.begin(now);
  for (int i = 0; i < 40; ++i) {
    now += 50ms;
    pace.onTaken(Pace::kLeast / 20, now);
  }
  EXPECT_FALSE(pace.keepsUp(now));
}

TEST(Pace, IsRightAgainWhenTheClientHasCaughtUp) {
  Pace pace;
  const Time start(100s);
  pace.begin(start);
  EXPECT_FALSE(pace.keepsUp(start + 3s));
  pace.onTaken(Pace::kLeast, start + 3s);
  EXPECT_TRUE(pace.keepsUp(start + 3s));
  pace.end();
  EXPECT_TRUE(pace.keepsUp(start + 10s));
  pace.begin(start + 10s);
  EXPECT_TRUE(pace.keepsUp(start + 10s + 499ms));
}

}  // namespace
}  // namespace rtcpub::sfu
