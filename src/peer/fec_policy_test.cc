#include "peer/fec_policy.h"

#include <gtest/gtest.h>

namespace rtcpub::peer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr FecPolicy::Path kLossyAndWide{
    .estimateKbps = 5000, .wantedKbps = 2000, .loss = 0.03, .rtt = milliseconds(60)};

/// A policy, and a path that it is told of ten times a second.
struct Sender {
  /// Whether FEC is sent in the end.
  bool send(const FecPolicy::Path& path, milliseconds duration) {
    bool on = false;
    for (const Time end = now + duration; now < end;) {
      now += milliseconds(100);
      on = policy.update(path, now);
    }
    return on;
  }
  FecPolicy policy;
  Time now{seconds(100)};
};

TEST(FecPolicy, BeginsAfterSomeSecondsOfLossWithALongRoundTripAndRoom) {
  Sender sender;
  EXPECT_FALSE(sender.send(kLossyAndWide, seconds(3)));
  EXPECT_TRUE(sender.send(kLossyAndWide, seconds(4)));
  EXPECT_TRUE(sender.send(kLossyAndWide, seconds(60)));
}

TEST(FecPolicy, SendsNoneWithoutLossOrWithARoundTripInWhichALossIsMended) {
  auto clean = kLossyAndWide;
  clean.loss = 0.004;
  EXPECT_FALSE(Sender().send(clean, seconds(60)));
  auto near = kLossyAndWide;
  near.rtt = milliseconds(29);
  EXPECT_FALSE(Sender().send(near, seconds(60)));
}

TEST(FecPolicy, SendsNoneWhereItWouldTakeTheVideosRoom) {
  auto narrow = kLossyAndWide;
  narrow.estimateKbps = 3900;
  EXPECT_FALSE(Sender().send(narrow, seconds(60)));
}

TEST(FecPolicy, EndsAtOnceWhenTheRoomGoesAndBeginsAgainOnlyAfterSomeSecondsOfRoom) {
  Sender sender;
  ASSERT_TRUE(sender.send(kLossyAndWide, seconds(10)));
  auto narrow = kLossyAndWide;
  narrow.estimateKbps = 3400;
  EXPECT_FALSE(sender.send(narrow, milliseconds(100)));
  EXPECT_FALSE(sender.send(kLossyAndWide, seconds(3)));
  EXPECT_FALSE(sender.send(narrow, milliseconds(100)));  // the seconds count anew
  EXPECT_FALSE(sender.send(kLossyAndWide, seconds(3)));
  EXPECT_TRUE(sender.send(kLossyAndWide, seconds(1)));
}

TEST(FecPolicy, GoesOnThroughSmallChanges) {
  Sender sender;
  ASSERT_TRUE(sender.send(kLossyAndWide, seconds(10)));
  EXPECT_TRUE(sender.send(
      {.estimateKbps = 3600, .wantedKbps = 2000, .loss = 0.007, .rtt = milliseconds(25)},
      seconds(30)));
}

TEST(FecPolicy, EndsWhenNothingIsLostAnyMore) {
  Sender sender;
  ASSERT_TRUE(sender.send(kLossyAndWide, seconds(10)));
  auto clean = kLossyAndWide;
  clean.loss = 0;
  EXPECT_TRUE(sender.send(clean, seconds(2)));
  EXPECT_FALSE(sender.send(clean, seconds(8)));
}

TEST(FecPolicy, DoesNotTakeASingleLossForALossyPath) {
  Sender sender;
  auto clean = kLossyAndWide;
  clean.loss = 0;
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(sender.send(clean, seconds(10)));
    EXPECT_FALSE(sender.send(kLossyAndWide, seconds(1)));  // one packet of 33
  }
}

}  // namespace
}  // namespace rtcpub::peer
