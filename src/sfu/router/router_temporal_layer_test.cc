#include <gtest/gtest.h>

#include <algorithm>

#include "sfu/router/payload_descriptor.h"
#include "sfu/router/slow_viewer_fixture.h"

namespace rtcpub::sfu {
namespace {

/// Of three layers: the lowest is a quarter, the next one likewise, and the third one half.
class TemporalLayers : public SlowViewerTest {
 protected:
  void SetUp() override {
    SlowViewerTest::SetUp();
    output.keyFrameRequests.clear();
  }
  void frame() override { send(nextFrame()); }

  /// The packets of the next frame. Of every second round of four the upper layers depend on the
  /// lowest only.
  std::vector<fake::Packet> nextFrame() {
    static constexpr std::array<std::uint8_t, 4> kPattern{0, 2, 1, 2};
    const int place = frame_ % 8;
    const std::uint8_t layer = kPattern[static_cast<std::size_t>(place % 4)];
    const bool sync = layer != 0 && place < 3;
    if (layer == 0) ++lowest_;
    timestamp += 3000;
    std::vector<fake::Packet> packets;
    for (int i = 0; i < kPacketsOfAFrame; ++i) {
      Bytes payload{static_cast<std::uint8_t>(i == 0 ? 0x90 : 0x80),
                    0xE0,
                    static_cast<std::uint8_t>(0x80 | (frame_ >> 8)),
                    static_cast<std::uint8_t>(frame_ & 0xFF),
                    lowest_,
                    static_cast<std::uint8_t>(layer << 6 | (sync ? 0x20 : 0)),
                    static_cast<std::uint8_t>(frame_ == 0 ? 0 : 1)};
      payload.resize(1028);
      packets.push_back({.sequenceNumber = sequenceNumber++,
                         .timestamp = timestamp,
                         .ssrc = ssrc,
                         .marker = i == kPacketsOfAFrame - 1,
                         .payload = std::move(payload)});
    }
    ++frame_;
    return packets;
  }
  void send(const std::vector<fake::Packet>& packets) {
    for (const auto& packet : packets) receive(packet);
  }
  /// The video packets to a client, without padding; they borrow from `output`.
  [[nodiscard]] std::vector<RtpPacket> video(MemberId id) const {
    std::vector<RtpPacket> packets;
    for (const auto& sent : output.sent) {
      if (sent.to == id && sent.packet().ssrc() == kSsrc) packets.push_back(sent.packet());
    }
    return packets;
  }
  [[nodiscard]] std::array<int, 3> framesOfLayers(MemberId id) const {
    std::array<int, 3> frames{};
    for (const auto& packet : video(id)) {
      if (packet.marker()) ++frames[layeredPacket(CodecKind::kVp8, packet.payload())->layer.id];
    }
    return frames;
  }
  static int pictureId(const RtpPacket& packet) {
    return (packet.payload()[2] & 0x7F) << 8 | packet.payload()[3];
  }

 private:
  int frame_ = 0;
  std::uint8_t lowest_ = 0;
};

TEST_F(TemporalLayers, AreLeftOutForAPathThatDoesNotCarryThem) {
  narrowTo(1'250'000);
  output.sent.clear();
  play(milliseconds(4000));
  const auto all = framesOfLayers(kFast);
  EXPECT_GE(all[2], 59);
  EXPECT_EQ(framesOfLayers(kSlow), (std::array{all[0], all[1], 0}));
  EXPECT_EQ(router.counters(kSlow).droppedFrames, static_cast<std::uint64_t>(all[2]));
  EXPECT_TRUE(output.keyFrameRequests.empty()) << "no key frame is needed for that";
}

TEST_F(TemporalLayers, AreLeftOutOnAWidePathWhileTheServerHasTooMuchToDo) {
  router.thin({{kSlow, Thinning::kLowestLayer}}, 1000, now);
  output.sent.clear();
  play(milliseconds(4000));
  const auto all = framesOfLayers(kFast);
  EXPECT_EQ(framesOfLayers(kSlow), (std::array{all[0], 0, 0}));
  EXPECT_EQ(router.counters(kSlow).droppedFrames, 0U) << "its path carries them";
  EXPECT_TRUE(output.keyFrameRequests.empty());
  router.thin({}, 1000, now);
  output.sent.clear();
  play(milliseconds(4000));
  EXPECT_GT(framesOfLayers(kSlow)[2], 50);
}

TEST_F(TemporalLayers, LeaveNoGapInSequenceNumbersAndPictureIds) {
  narrowTo(1'250'000);
  play(milliseconds(4000));
  const auto packets = video(kSlow);
  for (std::size_t i = 1; i < packets.size(); ++i) {
    ASSERT_EQ(static_cast<std::uint16_t>(packets[i - 1].sequenceNumber() + 1),
              packets[i].sequenceNumber());
    ASSERT_EQ(pictureId(packets[i - 1]) + (packets[i - 1].marker() ? 1 : 0), pictureId(packets[i]));
  }
}

TEST_F(TemporalLayers, LeaveTheLowestOneForANarrowerPath) {
  narrowTo(700'000);
  output.sent.clear();
  play(milliseconds(4000));
  EXPECT_GE(framesOfLayers(kSlow)[0], 29);
  EXPECT_EQ(framesOfLayers(kSlow)[1], 0);
  EXPECT_EQ(framesOfLayers(kSlow)[2], 0);
}

TEST_F(TemporalLayers, GiveWayToKeyFramesWhereNotEvenTheLowestFits) {
  narrowTo(300'000);
  play(milliseconds(4000));
  EXPECT_GE(output.keyFrameRequests.size(), 1U);
}

TEST_F(TemporalLayers, ComeBackWithoutAKeyFrameWhenThePathWidens) {
  narrowTo(700'000);
  play(milliseconds(3000));
  router.onEstimate(kSlow, 8'000'000, now);
  play(milliseconds(500));
  output.sent.clear();
  play(milliseconds(1000));
  EXPECT_EQ(framesOfLayers(kSlow), framesOfLayers(kFast));
  EXPECT_TRUE(output.keyFrameRequests.empty());
  const auto packets = video(kSlow);
  for (std::size_t i = 1; i < packets.size(); ++i) {
    ASSERT_LE(pictureId(packets[i]) - pictureId(packets[i - 1]), 1);
  }
}

TEST_F(TemporalLayers, AreRepeatedUnderTheNumbersAndPictureIdsTheyHad) {
  narrowTo(1'250'000);
  play(milliseconds(1000));
  const auto packets = output.to(kSlow);
  std::vector<Bytes> originals;
  for (const auto& sent : packets) {
    if (sent.packet().ssrc() == kSsrc) originals.push_back(sent.bytes);
  }
  const Bytes original = originals.at(originals.size() - 30);  // some frames ago
  const auto lost = RtpPacket::parse(original)->sequenceNumber();
  output.sent.clear();
  nack(kSlow, {lost});
  tick(now + milliseconds(50));
  const auto repeated = output.to(kSlow);
  ASSERT_FALSE(repeated.empty());
  const auto packet = repeated.front().packet();
  ASSERT_EQ(packet.ssrc(), kRtxSsrc);
  EXPECT_EQ(packet.payload()[0] << 8 | packet.payload()[1], lost);
  EXPECT_EQ(Bytes(packet.payload().begin() + 2, packet.payload().end()),
            Bytes(RtpPacket::parse(original)->payload().begin(),
                  RtpPacket::parse(original)->payload().end()));
}

TEST_F(TemporalLayers, KeepThePlaceOfALatePacketBesideAFrameThatIsLeftOut) {
  narrowTo(1'250'000);
  play(milliseconds(1000));
  while (true) {  // up to a frame of the lowest layer
    const auto frame = nextFrame();
    if (layeredPacket(CodecKind::kVp8, frame[0].payload)->layer.id == 0) {
      tick(now + milliseconds(500));  // nothing waits any more
      output.sent.clear();
      send({frame.begin(), frame.end() - 1});
      send(nextFrame());
      receive(frame.back());
      send(nextFrame());
      break;
    }
    send(frame);
  }
  tick(now + milliseconds(500));
  auto numbers = video(kSlow);
  std::sort(numbers.begin(), numbers.end(), [](const RtpPacket& a, const RtpPacket& b) {
    return a.sequenceNumber() < b.sequenceNumber();
  });
  ASSERT_EQ(numbers.size(), 2U * kPacketsOfAFrame);
  EXPECT_TRUE(numbers[kPacketsOfAFrame - 1].marker());
  EXPECT_EQ(numbers.back().sequenceNumber() - numbers.front().sequenceNumber(),
            2 * kPacketsOfAFrame - 1);
}

TEST_F(TemporalLayers, AreNoMatterWithoutASlowPath) {
  output.sent.clear();
  play(milliseconds(1000));
  EXPECT_EQ(framesOfLayers(kSlow), framesOfLayers(kFast));
  EXPECT_EQ(router.counters(kSlow).droppedFrames, 0U);
}

}  // namespace
}  // namespace rtcpub::sfu
