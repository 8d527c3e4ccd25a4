#include "sfu/router/sequence_map.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

std::optional<std::int64_t> number(const SequenceMap& map, std::int64_t source) {
  const auto place = map.find(source);
  return place ? std::optional(place->number) : std::nullopt;
}

TEST(SequenceMap, HasNothingBeforeItsBeginning) {
  SequenceMap map;
  EXPECT_FALSE(map.find(0));
  EXPECT_FALSE(map.sourceOf(0));
  map.begin(1000, 7);
  EXPECT_FALSE(map.find(999));
  EXPECT_FALSE(map.sourceOf(6));
  EXPECT_EQ(number(map, 1000), 7);
  EXPECT_EQ(map.sourceOf(8), 1001);
}

TEST(SequenceMap, ClosesUpBehindWhatIsLeftOut) {
  SequenceMap map;
  map.begin(1000, 7);
  map.leaveOut(1003, true);
  map.leaveOut(1004, false);
  EXPECT_EQ(number(map, 1002), 9);
  EXPECT_FALSE(map.find(1003));
  EXPECT_FALSE(map.find(1004));
  EXPECT_EQ(number(map, 1005), 10);
  EXPECT_EQ(map.sourceOf(9), 1002);
  EXPECT_EQ(map.sourceOf(10), 1005);
}

TEST(SequenceMap, KeepsThePlaceOfWhatMayStillCome) {
  SequenceMap map;
  map.begin(1000, 7);
  map.leaveOut(1003, true);
  map.leaveOut(1006, false);  // 1004 and 1005 are late, or of a frame in between
  EXPECT_EQ(number(map, 1004), 10);
  EXPECT_EQ(number(map, 1005), 11);
  EXPECT_EQ(number(map, 1007), 12);
  EXPECT_EQ(map.sourceOf(11), 1005);
}

TEST(SequenceMap, CountsTheFramesThatWereLeftOut) {
  SequenceMap map;
  map.begin(1000, 7);
  map.leaveOut(1003, true);
  map.leaveOut(1004, false);
  map.leaveOut(1006, true);
  EXPECT_EQ(map.find(1002)->frames, 0);
  EXPECT_EQ(map.find(1005)->frames, 1);
  EXPECT_EQ(map.find(1007)->frames, 2);
  map.begin(1010, 20);  // a key frame of the same stream
  EXPECT_EQ(map.find(1010)->frames, 2);
  map.clear();
  EXPECT_FALSE(map.find(1010));
  map.begin(5, 30);
  EXPECT_EQ(map.find(5)->frames, 0);
}

TEST(SequenceMap, LeavesNothingOutThatIsOlderThanTheLastGap) {
  SequenceMap map;
  map.begin(1000, 7);
  map.leaveOut(1003, true);
  map.leaveOut(1002, false);
  map.leaveOut(999, true);
  EXPECT_EQ(number(map, 1002), 9);
  EXPECT_EQ(number(map, 1004), 10);
}

TEST(SequenceMap, ForgetsTheOldestGaps) {
  SequenceMap map;
  map.begin(0, 0);
  const auto gaps = static_cast<std::int64_t>(SequenceMap::kMaxRuns) * 3;
  for (std::int64_t gap = 1; gap <= gaps; ++gap) map.leaveOut(gap * 10, true);
  EXPECT_FALSE(map.find(1));
  EXPECT_FALSE(map.sourceOf(1));
  EXPECT_EQ(number(map, gaps * 10 + 1), gaps * 9 + 1);
  EXPECT_EQ(map.sourceOf(gaps * 9 + 1), gaps * 10 + 1);
  EXPECT_EQ(map.sourceOf(gaps * 9), gaps * 10 - 1);
}

}  // namespace
}  // namespace rtcpub::sfu
