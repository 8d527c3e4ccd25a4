#include "sfu/publisher_seat.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

bool nobody(ClientId /*id*/) { return false; }

TEST(PublisherSeat, IsTakenAtOnceWhenNobodyHasIt) {
  PublisherSeat seat;
  EXPECT_TRUE(seat.join(1));
  EXPECT_EQ(seat.holder(), 1U);
}

TEST(PublisherSeat, StaysWithItsHolderUntilANewcomersTransportStands) {
  PublisherSeat seat;
  (void)seat.join(1);
  EXPECT_FALSE(seat.join(2));
  EXPECT_EQ(seat.holder(), 1U);
  EXPECT_TRUE(seat.waits(2));
  EXPECT_TRUE(seat.take(2));
  EXPECT_EQ(seat.holder(), 2U);
  EXPECT_FALSE(seat.waits(2));
}

TEST(PublisherSeat, IsNotTakenBackByOneThatWasReplaced) {
  PublisherSeat seat;
  (void)seat.join(1);
  (void)seat.join(2);
  (void)seat.take(2);
  EXPECT_FALSE(seat.take(1));  // it was away, and is back
  EXPECT_EQ(seat.leave(1), std::nullopt);
  EXPECT_EQ(seat.holder(), 2U);
}

TEST(PublisherSeat, GoesToWhoeverStandsLast) {
  PublisherSeat seat;
  for (const ClientId id : {1, 2, 3}) (void)seat.join(id);
  EXPECT_TRUE(seat.take(3));
  EXPECT_TRUE(seat.take(2));
  EXPECT_EQ(seat.holder(), 2U);
}

TEST(PublisherSeat, GoesToTheLastThatCameWhenItsHolderLeaves) {
  PublisherSeat seat;
  for (const ClientId id : {1, 2, 3}) (void)seat.join(id);
  EXPECT_EQ(seat.leave(1), 3U);
  EXPECT_EQ(seat.holder(), 3U);
  EXPECT_TRUE(seat.take(2)) << "its transport stands first";
}

TEST(PublisherSeat, IsFreeWhenAllHaveLeft) {
  PublisherSeat seat;
  (void)seat.join(1);
  (void)seat.join(2);
  EXPECT_EQ(seat.leave(2), std::nullopt);
  EXPECT_EQ(seat.leave(1), std::nullopt);
  EXPECT_EQ(seat.holder(), std::nullopt);
  EXPECT_TRUE(seat.join(3));
}

TEST(PublisherSeat, StaysWithAHolderThatBeginsAnew) {
  PublisherSeat seat;
  (void)seat.join(1);
  (void)seat.join(2);
  EXPECT_TRUE(seat.join(1));
  EXPECT_FALSE(seat.join(2));  // and one that waits goes on waiting, once
  EXPECT_EQ(seat.leave(1), 2U);
  EXPECT_EQ(seat.leave(2), std::nullopt);
}

TEST(PublisherSeat, SendsAwayTheOldestOfWhichNothingIsHeardWhenTooManyWait) {
  PublisherSeat seat;
  (void)seat.join(1);
  for (ClientId id = 2; id < 2 + PublisherSeat::kMaxWaiting; ++id) {
    EXPECT_EQ(seat.tooMany(nobody), std::nullopt);
    (void)seat.join(id);
  }
  EXPECT_EQ(seat.tooMany(nobody), 2U);
  EXPECT_EQ(seat.tooMany([](ClientId id) { return id < 4; }), 4U);
  EXPECT_EQ(seat.tooMany([](ClientId /*id*/) { return true; }), 2U);
}

}  // namespace
}  // namespace rtcpub::sfu
