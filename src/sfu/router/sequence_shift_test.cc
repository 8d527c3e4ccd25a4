#include "sfu/router/sequence_shift.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

TEST(SequenceShift, LeavesNumbersAloneBeforeTheFirstInsertion) {
  const SequenceShift shift;
  EXPECT_EQ(shift.of(0), 0);
  EXPECT_EQ(shift.of(1'000'000), 1'000'000);
}

TEST(SequenceShift, MakesRoomForEachInsertion) {
  SequenceShift shift;
  EXPECT_EQ(shift.insertBefore(100), 100);
  EXPECT_EQ(shift.of(99), 99);
  EXPECT_EQ(shift.of(100), 101);
  EXPECT_EQ(shift.insertBefore(110), 111);
  EXPECT_EQ(shift.of(109), 110);
  EXPECT_EQ(shift.of(110), 112);
  EXPECT_EQ(shift.of(99), 99) << "one that is late keeps its place";
}

TEST(SequenceShift, GoesOnWhenTheOldestInsertionsAreForgotten) {
  SequenceShift shift;
  std::int64_t last = 0;
  for (std::int64_t i = 1; i <= 1000; ++i) {
    const auto place = shift.insertBefore(i * 10);
    EXPECT_GT(place, last);
    last = shift.of(i * 10);
    EXPECT_EQ(last, place + 1);
  }
  EXPECT_EQ(shift.of(10'000), 11'000);
  EXPECT_EQ(shift.of(9'999), 9'999 + 999);
}

}  // namespace
}  // namespace rtcpub::sfu
