#include "sfu/publisher_seat.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

constexpr NetworkKey kRobots{1};
constexpr NetworkKey kFlood{2};

bool nobody(MemberId /*id*/) { return false; }
bool everybody(MemberId /*id*/) { return true; }

/// A seat that client 1 has, and for which as many wait as may, from 2 on.
PublisherSeat withAsManyAsMayWait(const NetworkKey& network) {
  PublisherSeat seat;
  (void)seat.join(1, kRobots);
  for (MemberId id = 2; id < 2 + PublisherSeat::kMaxWaiting; ++id) {
    EXPECT_EQ(seat.tooMany(id, network, nobody), std::nullopt);
    (void)seat.join(id, network);
  }
  return seat;
}

TEST(PublisherSeat, IsTakenAtOnceWhenNobodyHasIt) {
  PublisherSeat seat;
  EXPECT_TRUE(seat.join(1, kRobots));
  EXPECT_EQ(seat.holder(), 1U);
}

TEST(PublisherSeat, StaysWithItsHolderUntilANewcomersTransportStands) {
  PublisherSeat seat;
  (void)seat.join(1, kRobots);
  EXPECT_FALSE(seat.join(2, kRobots));
  EXPECT_EQ(seat.holder(), 1U);
  EXPECT_TRUE(seat.waits(2));
  EXPECT_TRUE(seat.take(2));
  EXPECT_EQ(seat.holder(), 2U);
  EXPECT_FALSE(seat.waits(2));
}

TEST(PublisherSeat, IsNotTakenBackByOneThatWasReplaced) {
  PublisherSeat seat;
  (void)seat.join(1, kRobots);
  (void)seat.join(2, kRobots);
  (void)seat.take(2);
  EXPECT_FALSE(seat.take(1));  // it was away, and is back
  EXPECT_EQ(seat.leave(1), std::nullopt);
  EXPECT_EQ(seat.holder(), 2U);
}

TEST(PublisherSeat, GoesToWhoeverStandsLast) {
  PublisherSeat seat;
  for (const MemberId id : {1, 2, 3}) (void)seat.join(id, kRobots);
  EXPECT_TRUE(seat.take(3));
  EXPECT_TRUE(seat.take(2));
  EXPECT_EQ(seat.holder(), 2U);
}

TEST(PublisherSeat, GoesToTheLastThatCameWhenItsHolderLeaves) {
  PublisherSeat seat;
  for (const MemberId id : {1, 2, 3}) (void)seat.join(id, kRobots);
  EXPECT_EQ(seat.leave(1), 3U);
  EXPECT_EQ(seat.holder(), 3U);
  EXPECT_TRUE(seat.take(2)) << "its transport stands first";
}

TEST(PublisherSeat, IsFreeWhenAllHaveLeft) {
  PublisherSeat seat;
  (void)seat.join(1, kRobots);
  (void)seat.join(2, kRobots);
  EXPECT_EQ(seat.leave(2), std::nullopt);
  EXPECT_EQ(seat.leave(1), std::nullopt);
  EXPECT_EQ(seat.holder(), std::nullopt);
  EXPECT_TRUE(seat.join(3, kRobots));
}

TEST(PublisherSeat, StaysWithAHolderThatBeginsAnew) {
  PublisherSeat seat;
  (void)seat.join(1, kRobots);
  (void)seat.join(2, kRobots);
  EXPECT_TRUE(seat.join(1, kRobots));
  EXPECT_FALSE(seat.join(2, kRobots));  // and one that waits goes on waiting, once
  EXPECT_EQ(seat.leave(1), 2U);
  EXPECT_EQ(seat.leave(2), std::nullopt);
}

TEST(PublisherSeat, GoesBackToWhomItWasTakenFromWhenTheOtherLeavesFirst) {
  PublisherSeat seat;
  for (const MemberId id : {1, 2}) (void)seat.join(id, kRobots);
  (void)seat.take(2);
  (void)seat.join(3, kRobots);
  EXPECT_EQ(seat.leave(2), 1U) << "its transport stood, that of 3 never did";
  EXPECT_EQ(seat.holder(), 1U);
  EXPECT_EQ(seat.leave(1), 3U);
}

TEST(PublisherSeat, GoesBackOverAllThatTookIt) {
  PublisherSeat seat;
  for (const MemberId id : {1, 2, 3, 4}) (void)seat.join(id, kRobots);
  for (const MemberId id : {2, 3, 4}) (void)seat.take(id);
  EXPECT_EQ(seat.leave(3), std::nullopt);
  EXPECT_EQ(seat.leave(4), 2U);
  EXPECT_EQ(seat.leave(2), 1U);
  EXPECT_EQ(seat.leave(1), std::nullopt);
}

TEST(PublisherSeat, DoesNotGoBackToOneThatHasLeft) {
  PublisherSeat seat;
  for (const MemberId id : {1, 2}) (void)seat.join(id, kRobots);
  (void)seat.take(2);
  EXPECT_EQ(seat.leave(1), std::nullopt);
  EXPECT_EQ(seat.leave(2), std::nullopt);
  EXPECT_EQ(seat.holder(), std::nullopt);
}

TEST(PublisherSeat, IsWaitedForByOneThatWasReplacedAndBeginsAnew) {
  PublisherSeat seat;
  for (const MemberId id : {1, 2}) (void)seat.join(id, kRobots);
  (void)seat.take(2);
  EXPECT_FALSE(seat.join(1, kRobots));
  EXPECT_TRUE(seat.waits(1));
  EXPECT_EQ(seat.leave(2), 1U);
  EXPECT_FALSE(seat.waits(1));
  EXPECT_EQ(seat.leave(1), std::nullopt);
}

TEST(PublisherSeat, SendsAwayTheOldestOfWhichNothingIsHeardWhenTooManyWait) {
  const auto seat = withAsManyAsMayWait(kRobots);
  EXPECT_EQ(seat.tooMany(99, kRobots, nobody), 2U);
  EXPECT_EQ(seat.tooMany(99, kRobots, [](MemberId id) { return id < 4; }), 4U);
  EXPECT_EQ(seat.tooMany(99, kRobots, everybody), 2U);
}

TEST(PublisherSeat, SendsAwayOfTheNetworkFromWhichMostWait) {
  auto seat = withAsManyAsMayWait(kFlood);
  for (MemberId robot = 2; robot < 4; ++robot) {  // in the place of these two
    (void)seat.leave(robot);
    (void)seat.join(robot, kRobots);
  }
  for (MemberId id = 1000; id < 2000; ++id) {
    const auto out = seat.tooMany(id, kFlood, everybody);
    ASSERT_TRUE(out.has_value());
    ASSERT_GE(*out, 4U) << "a robot goes for a flood";
    (void)seat.leave(*out);
    (void)seat.join(id, kFlood);
  }
  EXPECT_TRUE(seat.waits(2) && seat.waits(3));
  EXPECT_GE(seat.tooMany(5000, kRobots, everybody), 1000U) << "a robot has its way in";
}

TEST(PublisherSeat, SendsNobodyAwayForOneThatNeedsNoFurtherPlace) {
  const auto seat = withAsManyAsMayWait(kFlood);
  EXPECT_EQ(seat.tooMany(1, kRobots, nobody), std::nullopt) << "it has the seat";
  EXPECT_EQ(seat.tooMany(2, kFlood, nobody), std::nullopt) << "it waits already";
}

}  // namespace
}  // namespace rtcpub::sfu
