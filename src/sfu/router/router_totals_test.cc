#include <gtest/gtest.h>

#include "sfu/router/router_fixture.h"

namespace rtcpub::sfu {
namespace {

TEST_F(RouterTest, CountsTheKeyFramesThatComeOncePerFrame) {
  publish();
  subscribe(1);
  key();
  delta();
  auto twoSlices = video(fake::vp8Key());
  receive(twoSlices);
  ++twoSlices.sequenceNumber;
  ++sequenceNumber;
  receive(twoSlices);  // another packet of the same frame
  EXPECT_EQ(router.totals().keyFrames, 2U);
}

TEST_F(RouterTest, KeepsWhatViewersGotWhenTheyAreRemoved) {
  publish();
  subscribe(1);
  subscribe(2);
  key();
  delta();
  const auto number = output.sent.back().packet().sequenceNumber();
  nack(1, {number});
  nack(2, {number});
  nack(2, {static_cast<std::uint16_t>(number - 500)});  // never sent
  EXPECT_EQ(router.totals().retransmitted, 2U);
  router.removeViewer(1);
  EXPECT_EQ(router.totals().retransmitted, 2U);
  EXPECT_EQ(router.totals().tooOld, 1U);
  subscribe(1);
  key();
  nack(1, {output.sent.back().packet().sequenceNumber()});
  EXPECT_GE(router.totals().retransmitted, 2U);
  router.removeViewer(1);
  router.removeViewer(2);
  EXPECT_GE(router.totals().retransmitted, 2U);
}

TEST_F(RouterTest, KeepsItsKeyFramesWhenThePublisherGoesAndAnotherComes) {
  publish();
  key();
  router.removePublisher(kPublisher);
  publish(kPublisher + 1);
  ssrc = 0x9999;
  key();
  EXPECT_EQ(router.totals().keyFrames, 2U);
}

}  // namespace
}  // namespace rtcpub::sfu
