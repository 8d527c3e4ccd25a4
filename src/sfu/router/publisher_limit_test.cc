#include "sfu/router/publisher_limit.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;

constexpr Time kStart{std::chrono::seconds(100)};

TEST(PublisherLimit, SaysNothingWithoutALimit) {
  PublisherLimit limit;
  EXPECT_EQ(limit.next(std::nullopt, kStart), std::nullopt);
}

TEST(PublisherLimit, TellsANewLimitAtOnceAndThenOnceASecond) {
  PublisherLimit limit;
  EXPECT_EQ(limit.next(500'000, kStart), 500'000);
  EXPECT_EQ(limit.next(501'000, kStart + milliseconds(500)), std::nullopt);
  EXPECT_EQ(limit.next(501'000, kStart + milliseconds(1000)), 501'000);
}

TEST(PublisherLimit, TellsAChangeSoon) {
  PublisherLimit limit;
  (void)limit.next(500'000, kStart);
  EXPECT_EQ(limit.next(300'000, kStart + milliseconds(50)), std::nullopt);
  EXPECT_EQ(limit.next(300'000, kStart + milliseconds(100)), 300'000);
  EXPECT_EQ(limit.next(900'000, kStart + milliseconds(200)), 900'000);
}

TEST(PublisherLimit, TellsThreeTimesThatThereIsNoLimitAnyMore) {
  PublisherLimit limit;
  Time now = kStart;
  (void)limit.next(500'000, now);
  int told = 0;
  for (int i = 0; i < 100; ++i) {
    now += milliseconds(100);
    if (const auto rate = limit.next(std::nullopt, now)) {
      EXPECT_EQ(*rate, PublisherLimit::kUnlimited);
      ++told;
    }
  }
  EXPECT_EQ(told, PublisherLimit::kLifts);
}

}  // namespace
}  // namespace rtcpub::sfu
