#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/router/router_fixture.h"

namespace rtcpub::sfu {
namespace {

using ::testing::SizeIs;

TEST_F(RouterTest, AnswersANackByRtx) {
  publish();
  subscribe(1);
  key();
  delta();
  delta();
  const auto lost = output.sent[1].packet();
  const Bytes payload(lost.payload().begin(), lost.payload().end());
  const auto number = lost.sequenceNumber();
  output.sent.clear();
  nack(1, {number});
  ASSERT_THAT(output.sent, SizeIs(1));
  const auto rtx = output.sent[0].packet();
  EXPECT_EQ(rtx.ssrc(), kRtxSsrc);
  EXPECT_EQ(rtx.payloadType(), 121);
  ASSERT_THAT(rtx.payload(), SizeIs(payload.size() + 2));
  EXPECT_EQ(rtx.payload()[0] << 8 | rtx.payload()[1], number);
  EXPECT_THAT(rtx.payload().subspan(2), ::testing::ElementsAreArray(payload));
  EXPECT_EQ(router.counters(1).retransmitted, 1U);
}

TEST_F(RouterTest, AnswersANackByThePacketItselfWithoutRtx) {
  publish();
  auto media = viewerMedia();
  media.sections[0].codecs[0].rtxPayloadType = -1;
  subscribe(1, media);
  key();
  delta();
  nack(1, {output.sent[1].packet().sequenceNumber()});
  ASSERT_THAT(output.sent, SizeIs(3));
  EXPECT_EQ(output.sent[2].bytes, output.sent[1].bytes);
}

TEST_F(RouterTest, DoesNotRepeatAPacketThatIsOnItsWay) {
  publish();
  subscribe(1);
  key();
  const auto number = output.sent[0].packet().sequenceNumber();
  nack(1, {number, number});
  wait(milliseconds(5));
  nack(1, {number});
  EXPECT_EQ(router.counters(1).retransmitted, 1U);
  wait(milliseconds(20));
  nack(1, {number});
  EXPECT_EQ(router.counters(1).retransmitted, 2U);
}

TEST_F(RouterTest, CountsNacksForPacketsThatAreGone) {
  publish();
  subscribe(1);
  key();
  const auto number = output.sent[0].packet().sequenceNumber();
  wait(milliseconds(3000));
  nack(1, {number, static_cast<std::uint16_t>(number + 1000)});
  EXPECT_EQ(router.counters(1).tooOld, 2U);
  EXPECT_EQ(router.counters(1).retransmitted, 0U);
}

TEST_F(RouterTest, KeepsNothingOfAPublisherThatFellSilent) {
  publish();
  subscribe(1);
  key();
  receive({.payloadType = 111, .sequenceNumber = 1, .ssrc = 0x77, .payload = Bytes(80)},
          MediaKind::kAudio);
  EXPECT_GT(router.historyBytes(), 0U);
  wait(milliseconds(1900));
  router.forgetOld(now);
  nack(1, {output.sent[0].packet().sequenceNumber()});
  EXPECT_EQ(router.counters(1).retransmitted, 1U);
  wait(milliseconds(200));
  router.forgetOld(now);
  EXPECT_EQ(router.historyBytes(), 0U);
  key();
  EXPECT_EQ(router.counters(1).packets, 3U) << "it goes on";
}

TEST_F(RouterTest, KeepsNothingOfAPublisherThatLeft) {
  publish();
  subscribe(1);
  key();
  router.removePublisher(kPublisher);
  EXPECT_EQ(router.historyBytes(), 0U);
}

TEST_F(RouterTest, AnswersNacksAfterTheNumbersWereRebased) {
  publish();
  subscribe(1);
  key();
  publish(kPublisher + 1);
  sequenceNumber = 40'000;
  key();
  delta();
  ASSERT_THAT(output.sent, SizeIs(3));
  const auto lost = output.sent[2].packet();
  nack(1, {lost.sequenceNumber()});
  ASSERT_THAT(output.sent, SizeIs(4));
  EXPECT_EQ(output.sent[3].packet().timestamp(), lost.timestamp());
}

TEST_F(RouterTest, IgnoresNacksOfStrangersAndForOthersSsrcs) {
  publish();
  subscribe(1);
  key();
  const std::vector<std::uint16_t> numbers{output.sent[0].packet().sequenceNumber()};
  router.onNack(1, kSsrc + 1, numbers, now);
  router.onNack(77, kSsrc, numbers, now);
  EXPECT_THAT(output.sent, SizeIs(1));
}

}  // namespace
}  // namespace rtcpub::sfu
