#include "sfu/transport/arrivals.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

TEST(Arrivals, TakeARepairOfWhatIsMissingOnce) {
  Arrivals arrivals;
  for (const std::uint16_t number : {100, 101, 104}) arrivals.onMedia(number);
  EXPECT_TRUE(arrivals.onRepair(102));
  EXPECT_FALSE(arrivals.onRepair(102));
  EXPECT_TRUE(arrivals.onRepair(103));
}

TEST(Arrivals, TakeNoRepairOfWhatHasCome) {
  Arrivals arrivals;
  for (const std::uint16_t number : {100, 102}) arrivals.onMedia(number);
  arrivals.onMedia(101);  // late
  for (const std::uint16_t number : {100, 101, 102}) EXPECT_FALSE(arrivals.onRepair(number));
}

TEST(Arrivals, TakeARepairOfTheLastPacket) {
  Arrivals arrivals;
  arrivals.onMedia(100);
  EXPECT_TRUE(arrivals.onRepair(101));
  EXPECT_FALSE(arrivals.onRepair(101));
  EXPECT_FALSE(arrivals.onRepair(100));
}

TEST(Arrivals, TakeNothingBeforeTheFirstPacket) {
  Arrivals arrivals;
  EXPECT_FALSE(arrivals.onRepair(0));
}

TEST(Arrivals, TakeWhatComesRoundAgain) {
  Arrivals arrivals;
  for (int i = 0; i < 70'000; ++i) {
    const auto number = static_cast<std::uint16_t>(i);
    if (i % 100 == 7) continue;
    arrivals.onMedia(number);
    if (i % 100 == 9) {
      EXPECT_TRUE(arrivals.onRepair(static_cast<std::uint16_t>(i - 2))) << i;
      EXPECT_FALSE(arrivals.onRepair(static_cast<std::uint16_t>(i - 1))) << i;
    }
  }
}

TEST(Arrivals, TakeNoRepairFromBeyondTheWindow) {
  Arrivals arrivals;
  arrivals.onMedia(20'000);
  EXPECT_TRUE(arrivals.onRepair(20'000 - Arrivals::kWindow + 1));
  EXPECT_FALSE(arrivals.onRepair(20'000 - Arrivals::kWindow));
}

TEST(Arrivals, BeginAnewWithASenderThatDoes) {
  Arrivals arrivals;
  for (int i = 0; i < 1000; ++i) arrivals.onMedia(static_cast<std::uint16_t>(40'000 + i));
  for (const std::uint16_t number : {5, 6, 8}) arrivals.onMedia(number);
  EXPECT_TRUE(arrivals.onRepair(7));
  EXPECT_FALSE(arrivals.onRepair(6));
}

}  // namespace
}  // namespace rtcpub::sfu
