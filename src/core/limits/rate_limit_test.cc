#include "core/limits/rate_limit.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1000s};

TEST(RateLimit, LetsSoManyGoAtOnce) {
  RateLimit limit(5, 1s);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limit.take(kStart + i * 10ms, 0s), kStart + i * 10ms);
  EXPECT_EQ(limit.take(kStart + 50ms, 0s), std::nullopt);
}

TEST(RateLimit, TellsWhenTheNextMayGo) {
  RateLimit limit(2, 1s);
  (void)limit.take(kStart, 0s);
  (void)limit.take(kStart + 300ms, 0s);
  EXPECT_EQ(limit.take(kStart + 400ms, 5s), kStart + 1s);
  EXPECT_EQ(limit.take(kStart + 400ms, 5s), kStart + 1300ms);
  EXPECT_EQ(limit.take(kStart + 400ms, 5s), kStart + 2s);
}

TEST(RateLimit, CountsNothingThatWouldHaveToWaitForTooLong) {
  RateLimit limit(1, 1s);
  (void)limit.take(kStart, 0s);
  EXPECT_EQ(limit.take(kStart, 999ms), std::nullopt);
  EXPECT_EQ(limit.take(kStart, 1s), kStart + 1s);
}

TEST(RateLimit, AllowsNoMoreInAnyPeriod) {
  RateLimit limit(5, 1s);
  std::vector<Time> turns;
  for (Time now = kStart; now < kStart + 10s; now += 7ms) {
    if (const auto turn = limit.take(now, 0s)) turns.push_back(*turn);
  }
  ASSERT_GE(turns.size(), 49U);
  for (std::size_t i = 5; i < turns.size(); ++i) EXPECT_GE(turns[i] - turns[i - 5], 1s);
}

TEST(RateLimit, IsIdleWhenAPeriodHasPassed) {
  RateLimit limit(2, 1s);
  EXPECT_TRUE(limit.idle(kStart));
  (void)limit.take(kStart, 0s);
  EXPECT_FALSE(limit.idle(kStart + 999ms));
  EXPECT_TRUE(limit.idle(kStart + 1s));
}

TEST(RateLimit, TellsWhenTheNextMayGoWithoutCountingIt) {
  RateLimit limit(2, 1s);
  Time now{1h};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limit.next(now), now);
  (void)limit.take(now, 0s);
  (void)limit.take(now, 0s);
  EXPECT_EQ(limit.next(now), now + 1s);
  EXPECT_EQ(limit.next(now + 2s), now + 2s);
}

}  // namespace
}  // namespace rtcpub
