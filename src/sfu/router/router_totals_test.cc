#include <gtest/gtest.h>

#include "sfu/router/router_fixture.h"

namespace rtcpub::sfu {
namespace {

TEST_F(RoomTest, CountsTheKeyFramesThatComeOncePerFrame) {
  publish();
  subscribe(1);
  key();
  delta();
  auto twoSlices = video(fake::vp8Key());
  receive(twoSlices);
  ++twoSlices.sequenceNumber;
  ++sequenceNumber;
  receive(twoSlices);  // another packet of the same frame
  EXPECT_EQ(room.totals().keyFrames, 2U);
}

TEST_F(RoomTest, KeepsWhatSubscribersGotWhenTheyAreRemoved) {
  publish();
  subscribe(1);
  subscribe(2);
  key();
  delta();
  const auto number = output.sent.back().packet().sequenceNumber();
  nack(1, {number});
  nack(2, {number});
  nack(2, {static_cast<std::uint16_t>(number - 500)});  // never sent
  EXPECT_EQ(room.totals().retransmitted, 2U);
  room.removeSubscriber(1);
  EXPECT_EQ(room.totals().retransmitted, 2U);
  EXPECT_EQ(room.totals().tooOld, 1U);
  subscribe(1);
  key();
  nack(1, {output.sent.back().packet().sequenceNumber()});
  EXPECT_GE(room.totals().retransmitted, 2U);
  room.removeSubscriber(1);
  room.removeSubscriber(2);
  EXPECT_GE(room.totals().retransmitted, 2U);
}

TEST_F(RoomTest, KeepsItsKeyFramesWhenThePublisherGoesAndAnotherComes) {
  publish();
  key();
  room.removePublisher(kPublisher);
  publish(kPublisher + 1);
  ssrc = 0x9999;
  key();
  EXPECT_EQ(room.totals().keyFrames, 2U);
}

}  // namespace
}  // namespace rtcpub::sfu
