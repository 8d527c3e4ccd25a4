#include "core/h264/group_gate.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kPicture = 10'000;  // at 30 pictures a second 2.4 Mbit/s

/// Feeds so many pictures at 30 a second, each tenth of them a key frame; how many may go.
int feed(GroupGate& gate, int pictures, Time& now) {
  int passed = 0;
  for (int i = 0; i < pictures; ++i) {
    now += milliseconds(33);
    if (gate.pass(i % 10 == 0, kPicture, now)) ++passed;
  }
  return passed;
}

TEST(GroupGate, BeginsWithAKeyFrame) {
  GroupGate gate;
  gate.setRate(10'000);
  Time now{};
  EXPECT_TRUE(gate.closed());
  EXPECT_FALSE(gate.pass(false, kPicture, now));
  EXPECT_TRUE(gate.pass(true, kPicture, now));
  EXPECT_TRUE(gate.pass(false, kPicture, now));
  EXPECT_FALSE(gate.closed());
  EXPECT_EQ(gate.droppedGroups(), 0U);
}

TEST(GroupGate, PassesEverythingThatThePathCarries) {
  GroupGate gate;
  gate.setRate(3'000);
  Time now{};
  EXPECT_EQ(feed(gate, 300, now), 300);
}

TEST(GroupGate, LeavesOutWhatFollowsAPictureThatDidNotFit) {
  GroupGate gate;
  gate.setRate(1'000);
  Time now{};
  bool open = true;
  int broken = 0;
  for (int i = 0; i < 300; ++i) {
    now += milliseconds(33);
    const bool keyFrame = i % 10 == 0;
    const bool passed = gate.pass(keyFrame, kPicture, now);
    if (passed && !open && !keyFrame) ++broken;
    open = passed;
  }
  EXPECT_EQ(broken, 0);
  EXPECT_GT(gate.droppedGroups(), 5U);
}

TEST(GroupGate, SendsAboutWhatThePathCarries) {
  GroupGate gate;
  gate.setRate(1'200);  // half of what comes
  Time now{};
  const int passed = feed(gate, 3000, now);
  EXPECT_LE(passed, 1600);
  EXPECT_GE(passed, 1000);
}

TEST(GroupGate, OpensAgainWhenThePathDoes) {
  GroupGate gate;
  gate.setRate(500);
  Time now{};
  feed(gate, 100, now);
  gate.setRate(5'000);
  feed(gate, 10, now);
  const auto dropped = gate.droppedGroups();
  EXPECT_EQ(feed(gate, 100, now), 100);
  EXPECT_EQ(gate.droppedGroups(), dropped);
}

TEST(GroupGate, SendsAKeyFrameLargerThanItsLimitWhenNothingWaits) {
  GroupGate gate;
  gate.setRate(100);
  EXPECT_TRUE(gate.pass(true, 1'000'000, Time(milliseconds(1))));
}

TEST(GroupGate, WaitsForAKeyFrameAfterAGap) {
  GroupGate gate;
  gate.setRate(10'000);
  ASSERT_TRUE(gate.pass(true, kPicture, Time(milliseconds(0))));
  gate.onGap();
  EXPECT_FALSE(gate.pass(false, kPicture, Time(milliseconds(33))));
  EXPECT_TRUE(gate.pass(true, kPicture, Time(milliseconds(66))));
  EXPECT_EQ(gate.droppedGroups(), 0U);
}

}  // namespace
}  // namespace rtcpub
