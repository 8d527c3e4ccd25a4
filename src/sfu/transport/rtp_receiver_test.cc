#include "sfu/transport/rtp_receiver.h"

#include <api/field_trials.h>
#include <gtest/gtest.h>
#include <modules/include/module_fec_types.h>
#include <modules/rtp_rtcp/include/flexfec_sender.h>
#include <modules/rtp_rtcp/source/rtp_packet_received.h>
#include <modules/rtp_rtcp/source/rtp_packet_to_send.h>
#include <rtc_base/thread.h>
#include <system_wrappers/include/clock.h>

#include <algorithm>
#include <random>

namespace rtcpub::sfu {
namespace {

constexpr int kMediaType = 96;
constexpr int kRtxType = 98;
constexpr int kFecType = 97;
constexpr std::uint32_t kMediaSsrc = 21;
constexpr std::uint32_t kFecSsrc = 22;
constexpr std::uint32_t kRtxSsrc = 23;

/// A publisher whose packets the test hands over, and what comes out.
class RtpReceiverTest : public ::testing::Test, private RtpReceiver::Events {
 protected:
  using Bytes = std::vector<std::uint8_t>;

  RtpReceiverTest() {
    webrtc::FecProtectionParams params;
    params.fec_rate = 100;
    params.max_fec_frames = 1;
    fec_.SetProtectionParameters(params, params);
  }

  static Bytes media(std::uint16_t number, bool last) {
    Bytes bytes = {0x80,
                   static_cast<std::uint8_t>(kMediaType | (last ? 0x80 : 0)),
                   static_cast<std::uint8_t>(number >> 8),
                   static_cast<std::uint8_t>(number),
                   0,
                   0,
                   3,
                   0,
                   0,
                   0,
                   0,
                   kMediaSsrc};
    bytes.insert(bytes.end(), 400 + number % 7, static_cast<std::uint8_t>(number));
    return bytes;
  }

  /// Packets of a picture, and those of FEC that belong to them.
  std::vector<Bytes> fecOf(std::uint16_t first, int packets) {
    for (int i = 0; i < packets; ++i) {
      const auto bytes = media(static_cast<std::uint16_t>(first + i), i == packets - 1);
      webrtc::RtpPacketToSend packet(nullptr);
      EXPECT_TRUE(packet.Parse(bytes.data(), bytes.size()));
      fec_.AddPacketAndGenerateFec(packet);
    }
    std::vector<Bytes> all;
    for (const auto& packet : fec_.GetFecPackets()) {
      all.emplace_back(packet->data(), packet->data() + packet->size());
    }
    EXPECT_FALSE(all.empty());
    return all;
  }

  void receive(const Bytes& bytes, webrtc::TimeDelta later = webrtc::TimeDelta::Zero()) {
    const auto now = webrtc::Clock::GetRealTimeClock()->CurrentTime();
    webrtc::RtpPacketReceived packet(nullptr, now + later);
    if (packet.Parse(bytes.data(), bytes.size())) receiver_.OnRtpPacket(packet);
  }

  std::vector<Bytes> received_;

 private:
  void onMedia(const IncomingPacket& packet) override {
    received_.emplace_back(packet.data.begin(), packet.data.end());
  }
  void onKeyFrameNeeded() override {}
  void onArrival(const webrtc::RtpPacketReceived& /*packet*/) override {}
  void sendFeedback(const rtc::Buffer& /*rtcp*/) override {}

  rtc::AutoThread thread_;
  webrtc::FieldTrials trials_{""};
  webrtc::FlexfecSender fec_{kFecType, kFecSsrc, kMediaSsrc, "",
                             {},       {},       nullptr,    webrtc::Clock::GetRealTimeClock()};

 protected:
  RtpReceiver receiver_{{.kind = MediaKind::kVideo,
                         .mid = "0",
                         .codecs = {{Codec::vp8(), kMediaType, kRtxType, 90000}},
                         .extensions = {},
                         .ssrc = kMediaSsrc,
                         .rtxSsrc = kRtxSsrc,
                         .fecPayloadType = kFecType,
                         .fecSsrc = kFecSsrc,
                         .active = true},
                        {.nack = true, .pli = true},
                        1,
                        thread_,
                        trials_,
                        *this};
};

TEST_F(RtpReceiverTest, BringsALostPacketBackByFecAndPassesNoFecOn) {
  for (std::uint16_t first = 100; first < 200; first += 4) {
    const auto fec = fecOf(first, 4);
    for (std::uint16_t i = 0; i < 4; ++i) {
      if (first != 140 || i != 2) receive(media(static_cast<std::uint16_t>(first + i), i == 3));
    }
    for (const auto& packet : fec) receive(packet);
  }
  EXPECT_EQ(receiver_.counters().recovered, 1U);
  ASSERT_EQ(received_.size(), 100U);
  EXPECT_EQ(received_[42], media(143, true));
  EXPECT_EQ(received_[43], media(142, false));
}

TEST_F(RtpReceiverTest, PassesAPacketOnOnceThatFecAndRetransmissionBring) {
  (void)fecOf(96, 4);
  receive(media(99, true));
  const auto warmUp = fecOf(100, 4);
  for (std::uint16_t number = 100; number < 104; ++number) receive(media(number, number == 103));
  for (const auto& packet : warmUp) receive(packet);
  const auto fec = fecOf(104, 4);
  for (const std::uint16_t number : {104, 105, 107}) receive(media(number, number == 107));
  for (const auto& packet : fec) receive(packet);
  EXPECT_EQ(received_.size(), 9U);
  auto rtx = media(106, false);
  rtx.insert(rtx.begin() + 12, {0, 106});
  rtx[1] = kRtxType;
  rtx[11] = kRtxSsrc;
  receive(rtx);
  EXPECT_EQ(received_.size(), 9U);
}

TEST_F(RtpReceiverTest, CountsWhatIsMissingAndWhatComesWhenItIsAskedForAgain) {
  for (const std::uint16_t number : {100, 101, 104}) receive(media(number, true));
  EXPECT_EQ(receiver_.counters().lost, 2U);
  auto rtx = media(102, true);
  rtx.insert(rtx.begin() + 12, {0, 102});
  rtx[1] = kRtxType;
  rtx[11] = kRtxSsrc;
  receive(rtx);
  receive(rtx);  // once only
  EXPECT_EQ(receiver_.counters().retransmitted, 1U);
  EXPECT_EQ(receiver_.counters().lost, 2U);
}

TEST_F(RtpReceiverTest, CountsAndPassesOnNoRepetitionOfWhatHasCome) {
  for (const std::uint16_t number : {100, 101, 102}) receive(media(number, true));
  auto probe = media(101, true);
  probe.insert(probe.begin() + 12, {0, 101});
  probe[1] = kRtxType;
  probe[11] = kRtxSsrc;
  receive(probe);
  EXPECT_EQ(receiver_.counters().retransmitted, 0U);
  EXPECT_EQ(received_.size(), 3U);
}

TEST_F(RtpReceiverTest, TakesNoLossBackWhenPacketsWereOnlyLate) {
  for (const std::uint16_t number : {100, 103}) receive(media(number, true));
  EXPECT_EQ(receiver_.counters().lost, 2U);
  EXPECT_EQ(receiver_.counters().missing, 2U);
  for (const std::uint16_t number : {101, 102}) receive(media(number, true));
  EXPECT_EQ(receiver_.counters().lost, 2U);
  EXPECT_EQ(receiver_.counters().missing, 0U) << "decisions go by what hasn't come";
}

TEST_F(RtpReceiverTest, GoesOnCountingWhenAStreamBeginsAnew) {
  for (const std::uint16_t number : {100, 103}) receive(media(number, true));
  const auto before = receiver_.counters();
  auto another = media(500, true);
  another[11] = 77;
  receive(another, webrtc::TimeDelta::Seconds(1));
  ASSERT_EQ(received_.back(), another);
  EXPECT_EQ(receiver_.counters().lost, before.lost);
  EXPECT_GT(receiver_.counters().packets, before.packets);
}

TEST_F(RtpReceiverTest, KeepsFromFecWhatItsDecoderHasNoRoomFor) {
  const auto receivePicture = [&](std::uint16_t first, std::size_t leastSize) {
    const auto fec = fecOf(first, 4);
    for (const int i : {0, 1, 3}) {
      auto packet = media(static_cast<std::uint16_t>(first + i), i == 3);
      packet.resize(std::max(packet.size(), leastSize));
      receive(packet);
    }
    for (const auto& packet : fec) receive(packet);
  };
  receivePicture(100, 0);  // now there is a decoder
  receivePicture(104, 1800);
  EXPECT_EQ(std::ranges::count(received_, 1800U, &Bytes::size), 3);
  receivePicture(108, 0);
  EXPECT_EQ(received_.back(), media(110, false));
}

TEST_F(RtpReceiverTest, SurvivesMalformedFec) {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    const auto first = static_cast<std::uint16_t>(round * 4);
    const auto fec = fecOf(first, 4);
    for (std::uint16_t i = 0; i < 4; ++i) {
      if (random() % 4 != 0) receive(media(static_cast<std::uint16_t>(first + i), i == 3));
    }
    for (auto packet : fec) {
      for (auto flips = random() % 8; flips > 0; --flips) {
        packet[12 + random() % (packet.size() - 12)] = static_cast<std::uint8_t>(random());
      }
      if (random() % 4 == 0) packet.resize(12 + random() % (packet.size() - 12));
      receive(packet);
    }
  }
  EXPECT_GT(receiver_.counters().recovered, 0U);
}

}  // namespace
}  // namespace rtcpub::sfu
