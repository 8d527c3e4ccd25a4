#include "sfu/router/source_tracker.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;

constexpr Time kStart{std::chrono::seconds(100)};

TEST(SourceTracker, CountsThroughTheWrapAround) {
  SourceTracker tracker;
  const auto first = tracker.place(1, 65534, kStart);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->restarted);
  for (int i = 1; i < 200'000; i += 100) {
    const auto place = tracker.place(1, static_cast<std::uint16_t>(65534 + i), kStart);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->sequence, first->sequence + i);
    EXPECT_FALSE(place->restarted);
  }
}

TEST(SourceTracker, GivesLatePacketsTheirPlace) {
  SourceTracker tracker;
  const auto first = tracker.place(1, 2, kStart);
  EXPECT_EQ(tracker.place(1, 65535, kStart)->sequence, first->sequence - 3);
  EXPECT_EQ(tracker.newest(), first->sequence);
}

TEST(SourceTracker, FollowsOneSsrcUntilItIsSilent) {
  SourceTracker tracker;
  ASSERT_TRUE(tracker.place(1, 10, kStart));
  EXPECT_FALSE(tracker.place(2, 500, kStart + milliseconds(900)));
  ASSERT_TRUE(tracker.place(1, 11, kStart + milliseconds(950)));
  EXPECT_FALSE(tracker.place(2, 501, kStart + milliseconds(1900)));
  const auto other = tracker.place(2, 502, kStart + milliseconds(2000));
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->restarted);
  EXPECT_EQ(other->sequence & 0xFFFF, 502);
  EXPECT_FALSE(tracker.place(1, 12, kStart + milliseconds(2001)));
}

TEST(SourceTracker, PrefersTheAnnouncedSsrc) {
  SourceTracker tracker;
  tracker.reset(7);
  ASSERT_TRUE(tracker.place(1, 10, kStart));
  EXPECT_TRUE(tracker.place(7, 500, kStart)->restarted);
  EXPECT_FALSE(tracker.place(1, 11, kStart));
}

TEST(SourceTracker, TakesTwoPacketsInARowToBelieveAJump) {
  SourceTracker tracker;
  const auto first = tracker.place(1, 10, kStart);
  EXPECT_FALSE(tracker.place(1, 40'000, kStart));
  EXPECT_EQ(tracker.place(1, 11, kStart)->sequence, first->sequence + 1);
  EXPECT_FALSE(tracker.place(1, 40'001, kStart));
  const auto jumped = tracker.place(1, 40'002, kStart);
  ASSERT_TRUE(jumped);
  EXPECT_TRUE(jumped->restarted);
  EXPECT_GT(jumped->sequence, first->sequence + 65536);
}

TEST(SourceTracker, NeverGoesBackAfterAReset) {
  SourceTracker tracker;
  const auto first = tracker.place(1, 60'000, kStart);
  tracker.reset(0);
  EXPECT_GT(tracker.place(1, 3, kStart)->sequence, first->sequence);
}

}  // namespace
}  // namespace rtcpub::sfu
