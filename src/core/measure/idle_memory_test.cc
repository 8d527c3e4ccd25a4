#include "core/measure/idle_memory.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

constexpr std::size_t kMegabyte = 1'000'000;

TEST(IdleMemory, IsWorthGivingBackOnceItIsMuch) {
  IdleMemory memory;
  EXPECT_FALSE(memory.isWorthGivingBack(10 * kMegabyte, 9 * kMegabyte));
  EXPECT_TRUE(memory.isWorthGivingBack(10 * kMegabyte, 8 * kMegabyte));
}

TEST(IdleMemory, IsNotAskedForAgainWhereNoneIsToBeHad) {
  IdleMemory memory;
  EXPECT_TRUE(memory.isWorthGivingBack(10 * kMegabyte, 4 * kMegabyte));
  memory.onGivenBack(9 * kMegabyte, 4 * kMegabyte);
  EXPECT_FALSE(memory.isWorthGivingBack(9 * kMegabyte, 4 * kMegabyte));
  EXPECT_FALSE(memory.isWorthGivingBack(10 * kMegabyte, 4 * kMegabyte));
  EXPECT_TRUE(memory.isWorthGivingBack(11 * kMegabyte, 4 * kMegabyte));
}

TEST(IdleMemory, CountsFromWhatWasUsedMeanwhile) {
  IdleMemory memory;
  memory.onGivenBack(9 * kMegabyte, 4 * kMegabyte);
  EXPECT_FALSE(memory.isWorthGivingBack(9 * kMegabyte, 9 * kMegabyte)) << "all of it is in use";
  EXPECT_TRUE(memory.isWorthGivingBack(9 * kMegabyte, 6 * kMegabyte)) << "and free again";
}

TEST(IdleMemory, BearsFiguresThatDoNotFitEachOther) {
  IdleMemory memory;
  EXPECT_FALSE(memory.isWorthGivingBack(4 * kMegabyte, 9 * kMegabyte));
}

}  // namespace
}  // namespace rtcpub
