#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/router/router_fixture.h"

namespace rtcpub::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(RouterTest, KeepsViewersGoingOverAPublishersRestart) {
  publish();
  subscribe(1);
  key();
  delta();
  const auto last = output.sent.back().packet();
  const auto lastNumber = last.sequenceNumber();
  const auto lastTimestamp = last.timestamp();
  router.removePublisher(kPublisher);
  wait(milliseconds(2000));
  publish(kPublisher + 1);
  EXPECT_THAT(output.keyFrameRequests, ElementsAre(kPublisher, kPublisher + 1));
  sequenceNumber = 50'000;
  timestamp = 1'000'000;
  ssrc = 0x9999;
  output.sent.clear();
  delta();
  EXPECT_THAT(output.sent, IsEmpty());
  key();
  delta();
  ASSERT_THAT(output.sent, SizeIs(2));
  EXPECT_EQ(output.sent[0].packet().sequenceNumber(), lastNumber + 1);
  EXPECT_EQ(output.sent[0].packet().timestamp(), lastTimestamp + 180'000);
  EXPECT_EQ(output.sent[0].packet().ssrc(), kSsrc);
  EXPECT_EQ(output.sent[1].packet().sequenceNumber(), lastNumber + 2);
  EXPECT_EQ(output.sent[1].packet().timestamp(), lastTimestamp + 183'000);
}

TEST_F(RouterTest, IgnoresTheLeavingOfAPublisherThatWasReplaced) {
  publish();
  publish(kPublisher + 1);
  router.removePublisher(kPublisher);
  subscribe(1);
  key();
  EXPECT_THAT(output.to(1), SizeIs(1));
}

TEST_F(RouterTest, GoesOnWithoutAPauseWhenThePublisherNegotiatesAnew) {
  publish();
  subscribe(1);
  key();
  router.setPublisher(kPublisher, publisherMedia(), now);
  delta();
  EXPECT_THAT(output.sent, SizeIs(2));
}

TEST_F(RouterTest, FollowsAPublisherThatRestartsItsStreamUnderAnotherSsrc) {
  publish();
  subscribe(1);
  key();
  const auto last = output.sent.back().packet().sequenceNumber();
  ssrc = 0x77;
  sequenceNumber = 9;
  wait(milliseconds(500));
  key();
  EXPECT_THAT(output.sent, SizeIs(1)) << "simulcast: another layer beside";
  wait(milliseconds(600));
  delta();
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2)) << "the new stream can't start without";
  key();
  ASSERT_THAT(output.sent, SizeIs(2));
  EXPECT_EQ(output.sent.back().packet().sequenceNumber(), last + 1);
}

TEST_F(RouterTest, GoesOnAtOnceUnderAnSsrcThatItWasToldOf) {
  publish();
  subscribe(1);
  key();
  delta();
  const auto last = output.sent.back().packet().sequenceNumber();
  router.onVideoSourceChanged(0x77);
  delta();
  EXPECT_THAT(output.sent, SizeIs(3)) << "nothing of it has come";
  ssrc = 0x77;
  sequenceNumber = 9;
  key();
  delta();
  ASSERT_THAT(output.sent, SizeIs(5));
  EXPECT_EQ(output.sent.back().packet().sequenceNumber(), static_cast<std::uint16_t>(last + 3));
  EXPECT_THAT(output.keyFrameRequests, SizeIs(1)) << "it begins with one";
}

TEST_F(RouterTest, AdjustsSenderReports) {
  publish();
  subscribe(1);
  router.onSenderReport({.kind = MediaKind::kVideo, .ssrc = ssrc, .ntp = 5, .rtpTimestamp = 10},
                        now);
  EXPECT_THAT(output.reports, IsEmpty()) << "nothing was sent yet";
  key();
  publish(kPublisher + 1);
  wait(milliseconds(1000));
  sequenceNumber = 5000;
  timestamp = 5'000'000;
  key();
  const auto newest = output.sent.back().packet().timestamp();
  router.onSenderReport(
      {.kind = MediaKind::kVideo, .ssrc = ssrc, .ntp = 6, .rtpTimestamp = timestamp + 900}, now);
  router.onSenderReport({.kind = MediaKind::kVideo, .ssrc = 0x77, .ntp = 7, .rtpTimestamp = 5},
                        now);
  ASSERT_THAT(output.reports, SizeIs(1)) << "not of a simulcast layer that it doesn't get";
  const auto& report = output.reports[0].report;
  EXPECT_EQ(report.ssrc, kSsrc);
  EXPECT_EQ(report.ntp, 6U);
  EXPECT_EQ(report.rtpTimestamp, newest + 900);
  EXPECT_EQ(report.packets, 2U);
  EXPECT_EQ(report.octets, 2 * fake::vp8Key().size());
}

}  // namespace
}  // namespace rtcpub::sfu
