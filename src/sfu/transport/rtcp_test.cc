#include "sfu/transport/rtcp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "sfu/transport/report_times.h"
#include "sfu/transport/rtx.h"

namespace rtcpub::sfu {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

struct Heard : RtcpEvents {
  void onNack(std::uint32_t ssrc, std::span<const std::uint16_t> numbers) override {
    nackSsrc = ssrc;
    nacks.assign(numbers.begin(), numbers.end());
  }
  void onPictureLost() override { ++picturesLost; }
  void onSenderReport(std::uint32_t ssrc, std::uint64_t time, std::uint32_t rtp) override {
    reportSsrc = ssrc;
    ntp = time;
    rtpTimestamp = rtp;
  }
  void onReportBlock(std::uint32_t, std::uint32_t last, std::uint32_t) override { lastSr = last; }
  void onTransportFeedback(const webrtc::rtcp::TransportFeedback& feedback) override {
    arrived = feedback.GetReceivedPackets().size();
    ++feedbacks;
  }

  std::uint32_t nackSsrc = 0;
  std::vector<std::uint16_t> nacks;
  int picturesLost = 0;
  std::uint32_t reportSsrc = 0;
  std::uint64_t ntp = 0;
  std::uint32_t rtpTimestamp = 0;
  std::uint32_t lastSr = 0;
  std::size_t arrived = 0;
  int feedbacks = 0;
};

std::vector<std::uint8_t> bytes(const rtc::Buffer& buffer) {
  return {buffer.begin(), buffer.end()};
}

TEST(Rtcp, ReadsWhatItWrites) {
  Heard heard;
  parseRtcp(bytes(buildNack(1, 2, {7, 8, 100})), heard);
  EXPECT_EQ(heard.nackSsrc, 2U);
  EXPECT_THAT(heard.nacks, ElementsAre(7, 8, 100));
  parseRtcp(bytes(buildPli(1, 2)), heard);
  parseRtcp(bytes(buildFir(1, 2, 3)), heard);
  EXPECT_EQ(heard.picturesLost, 2);
  parseRtcp(bytes(buildSenderReport({.ssrc = 5, .ntp = 0x1234567890ABCDEF, .rtpTimestamp = 9})),
            heard);
  EXPECT_EQ(heard.reportSsrc, 5U);
  EXPECT_EQ(heard.ntp, 0x1234567890ABCDEFU);
  EXPECT_EQ(heard.rtpTimestamp, 9U);
  webrtc::rtcp::ReportBlock block;
  block.SetLastSr(77);
  parseRtcp(bytes(buildReceiverReport(1, {block})), heard);
  EXPECT_EQ(heard.lastSr, 77U);
}

TEST(Rtcp, ReadsEveryPacketOfACompound) {
  Heard heard;
  parseRtcp(bytes(withReceiverReport(1, buildPli(1, 2))), heard);
  EXPECT_EQ(heard.picturesLost, 1);
}

/// The first and the last of so many came.
rtc::Buffer feedbackOn(int packets) {
  const auto now = webrtc::Timestamp::Millis(64);
  webrtc::rtcp::TransportFeedback feedback;
  feedback.SetBase(0, now);
  EXPECT_TRUE(feedback.AddReceivedPacket(0, now));
  EXPECT_TRUE(feedback.AddReceivedPacket(static_cast<std::uint16_t>(packets - 1), now));
  return feedback.Build();
}

/// A run of lost packets takes two bytes, however long it is.
TEST(Rtcp, ReadsFeedbackOn8192PacketsAtATime) {
  Heard heard;
  parseRtcp(bytes(feedbackOn(8193)), heard);
  EXPECT_EQ(heard.feedbacks, 0);
  parseRtcp(bytes(feedbackOn(8192)), heard);
  EXPECT_EQ(heard.feedbacks, 1);
  EXPECT_EQ(heard.arrived, 2U);
  auto compound = feedbackOn(8000);
  compound.AppendData(feedbackOn(193));
  compound.AppendData(feedbackOn(192));
  parseRtcp(bytes(compound), heard);
  EXPECT_EQ(heard.feedbacks, 3) << "the one of 193 packets is too much";
}

TEST(Rtcp, SurvivesEveryTruncationAndGarbage) {
  Heard heard;
  for (const auto& whole : {bytes(buildNack(1, 2, {7, 8, 100})), bytes(buildFir(1, 2, 3)),
                            bytes(buildSenderReport({.ssrc = 5})),
                            bytes(buildReceiverReport(1, {webrtc::rtcp::ReportBlock()}))}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      parseRtcp(std::span(whole).first(size), heard);
    }
  }
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same garbage each time
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::uint8_t> garbage(random() % 64);
    for (auto& byte : garbage) byte = static_cast<std::uint8_t>(random());
    if (garbage.size() > 3) {
      garbage[0] = static_cast<std::uint8_t>(0x80 | (garbage[0] & 0x3F));
      garbage[1] = static_cast<std::uint8_t>(192 + garbage[1] % 20);
      garbage[2] = 0;
      garbage[3] = static_cast<std::uint8_t>(garbage[3] % 16);
    }
    parseRtcp(garbage, heard);
  }
}

TEST(ReportTimes, TellTheRoundTripWithoutTheTimeTheReceiverTook) {
  ReportTimes times;
  times.onSent(10, Time(1s));
  EXPECT_EQ(times.rtt(10, 65536 / 2, Time(1s + 520ms)), 20ms);
}

TEST(ReportTimes, KnowNothingOfReportsThatWereNeverSentOrTimesThatCannotBe) {
  ReportTimes times;
  times.onSent(10, Time(1s));
  EXPECT_EQ(times.rtt(11, 0, Time(2s)), std::nullopt);
  EXPECT_EQ(times.rtt(0, 0, Time(2s)), std::nullopt);
  EXPECT_EQ(times.rtt(10, 0xFFFFFFFF, Time(2s)), std::nullopt);
}

TEST(Rtx, MakesTheMediaPacketAgain) {
  const std::vector<std::uint8_t> rtx{0xA0, 0xE2, 0, 1,    0,    0, 0, 9, 1,
                                      1,    1,    1, 0x12, 0x34, 5, 6, 1};
  std::vector<std::uint8_t> media;
  ASSERT_TRUE(unwrapRtx(rtx, 12, 4, 97, 0x01020304, media));
  EXPECT_THAT(media, ElementsAre(0x80, 0xE1, 0x12, 0x34, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6));
}

TEST(Rtx, FindsNothingInPadding) {
  const std::vector<std::uint8_t> rtx(20, 0x80);
  std::vector<std::uint8_t> media;
  EXPECT_FALSE(unwrapRtx(rtx, 12, 0, 97, 1, media));
  EXPECT_FALSE(unwrapRtx(rtx, 12, 2, 97, 1, media));
  EXPECT_FALSE(unwrapRtx(rtx, 12, 100, 97, 1, media));
}

}  // namespace
}  // namespace rtcpub::sfu
