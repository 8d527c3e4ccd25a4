#include "sfu/transport/sent_packets.h"

#include <gtest/gtest.h>

#include <vector>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;
using webrtc::TimeDelta;
using webrtc::Timestamp;

/// Those of `numbers` came, a millisecond apart, after `base` on the client's clock.
webrtc::rtcp::TransportFeedback came(const std::vector<std::uint16_t>& numbers, Timestamp base) {
  webrtc::rtcp::TransportFeedback feedback;
  feedback.SetBase(numbers.front(), base);
  for (const auto number : numbers) {
    feedback.AddReceivedPacket(number, base);
    base += TimeDelta::Millis(1);
  }
  return feedback;
}

class SentPacketsTest : public ::testing::Test {
 protected:
  void send(int count) {
    for (int i = 0; i < count; ++i, now += milliseconds(5)) (void)sent.add(1000, std::nullopt, now);
  }

  SentPackets sent;
  Time now{std::chrono::seconds(100)};
  Timestamp clock = Timestamp::Seconds(7);
};

TEST_F(SentPacketsTest, TellsWhatCameWhenAndWhatDidNot) {
  send(10);
  const auto report = sent.onFeedback(came({0, 1, 3}, clock), now);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->packet_feedbacks.size(), 4U);
  EXPECT_TRUE(report->packet_feedbacks[0].IsReceived());
  EXPECT_FALSE(report->packet_feedbacks[2].IsReceived());
  EXPECT_EQ(report->packet_feedbacks[3].receive_time - report->packet_feedbacks[0].receive_time,
            TimeDelta::Millis(2));
  EXPECT_EQ(report->packet_feedbacks[1].sent_packet.send_time -
                report->packet_feedbacks[0].sent_packet.send_time,
            TimeDelta::Millis(5));
  EXPECT_EQ(report->prior_in_flight.bytes(), 10'000);
  EXPECT_EQ(report->data_in_flight.bytes(), 6'000);
}

TEST_F(SentPacketsTest, GoesOnFromOneFeedbackToTheNext) {
  send(10);
  const auto first = sent.onFeedback(came({0, 1}, clock), now);
  const auto second = sent.onFeedback(came({2, 3}, clock + TimeDelta::Millis(640)), now);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->packet_feedbacks[0].receive_time - first->packet_feedbacks[0].receive_time,
            TimeDelta::Millis(640));
}

TEST_F(SentPacketsTest, HearsLateOfWhatSeemedLostButNothingTwice) {
  send(10);
  (void)sent.onFeedback(came({0, 2}, clock), now);
  const auto late = sent.onFeedback(came({1, 2}, clock), now);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->packet_feedbacks.size(), 1U);
  EXPECT_FALSE(sent.onFeedback(came({1, 2}, clock), now));
}

TEST_F(SentPacketsTest, KnowsNothingOfPacketsThatNeverLeft) {
  EXPECT_FALSE(sent.onFeedback(came({5}, clock), now));
  send(3);
  EXPECT_FALSE(sent.onFeedback(came({3, 4, 60'000}, clock), now));
}

TEST_F(SentPacketsTest, KeepsCountBeyond16Bits) {
  send(70'000);
  const auto report = sent.onFeedback(came({69'999 - 65'536}, clock), now);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->packet_feedbacks[0].sent_packet.sequence_number, 69'999);
}

TEST_F(SentPacketsTest, ForgetsWhatNobodyReports) {
  send(1'000);
  EXPECT_FALSE(sent.onFeedback(came({1}, clock), now));
  const auto report = sent.onFeedback(came({999}, clock), now);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->data_in_flight.bytes(), 0);
  EXPECT_LE(report->prior_in_flight.bytes(), 401 * 1000);
}

TEST_F(SentPacketsTest, MarksProbes) {
  (void)sent.add(1000, Probe{.id = 9, .bitsPerSecond = 1'000'000, .packets = 5, .bytes = 2000},
                 now);
  const auto report = sent.onFeedback(came({0}, clock), now);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->packet_feedbacks[0].sent_packet.pacing_info.probe_cluster_id, 9);
}

TEST_F(SentPacketsTest, SurvivesArrivalTimesThatJumpForDays) {
  for (int i = 0; i < 200; ++i) {
    send(2);
    const auto number = static_cast<std::uint16_t>(2 * i);
    clock = Timestamp::Seconds(i % 2 == 0 ? 10 : 500'000);
    EXPECT_TRUE(
        sent.onFeedback(came({number, static_cast<std::uint16_t>(number + 1)}, clock), now));
  }
}

}  // namespace
}  // namespace rtcpub::sfu
