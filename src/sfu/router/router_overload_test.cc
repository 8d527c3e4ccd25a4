#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "sfu/router/payload_descriptor.h"
#include "sfu/router/slow_viewer_fixture.h"

namespace rtcpub::sfu {
namespace {

using namespace std::chrono_literals;

/// A router whose viewers are thinned, though their paths are wide. Key frames come when they are
/// asked for.
class RouterOverload : public SlowViewerTest {
 protected:
  void SetUp() override {
    SlowViewerTest::SetUp();
    play(500ms);
    clear();
  }
  void frame() override {
    const bool key = output.keyFrameRequests.size() > answered_;
    answered_ = output.keyFrameRequests.size();
    timestamp += 3000;
    std::array<int, kPacketsOfAFrame> order{};
    std::iota(order.begin(), order.end(), 0);
    if (key) std::rotate(order.begin(), order.begin() + 1, order.begin() + 1 + keyOvertaken);
    for (const int i : order) {
      Bytes payload = key && i == 0 ? fake::vp8Key() : fake::vp8Delta();
      if (i > 0) payload[0] = 0;  // not the start of a partition
      payload.resize(1028);
      receive({.sequenceNumber = static_cast<std::uint16_t>(sequenceNumber + i),
               .timestamp = timestamp,
               .ssrc = ssrc,
               .marker = i == kPacketsOfAFrame - 1,
               .payload = std::move(payload)});
    }
    sequenceNumber += kPacketsOfAFrame;
  }
  void clear() {
    output.sent.clear();
    output.keyFrameRequests.clear();
    answered_ = 0;
  }
  void thin(const std::map<MemberId, Thinning>& plan, std::size_t burst = 10'000) {
    router.thin(plan, burst, now);
  }
  [[nodiscard]] std::vector<RtpPacket> video(MemberId id) const {
    std::vector<RtpPacket> packets;
    for (const auto& sent : output.sent) {
      if (sent.to == id && sent.packet().ssrc() == kSsrc) packets.push_back(sent.packet());
    }
    return packets;
  }
  [[nodiscard]] int frames(MemberId id) const {
    const auto packets = video(id);
    return static_cast<int>(std::count_if(packets.begin(), packets.end(),
                                          [](const auto& packet) { return packet.marker(); }));
  }
  /// So many packets of a key frame come before its first one.
  std::ptrdiff_t keyOvertaken = 0;

 private:
  std::size_t answered_ = 0;
};

TEST_F(RouterOverload, LeavesAViewerWholeKeyFramesAndTheOthersEverything) {
  thin({{kSlow, Thinning::kKeyFrames}});
  play(10s);
  EXPECT_NEAR(frames(kFast), 300, 1);
  EXPECT_NEAR(frames(kSlow), 5, 1);
  const auto packets = video(kSlow);
  ASSERT_EQ(packets.size(), static_cast<std::size_t>(frames(kSlow) * kPacketsOfAFrame));
  for (std::size_t i = 1; i < packets.size(); ++i) {
    EXPECT_EQ(packets[i].sequenceNumber(),
              static_cast<std::uint16_t>(packets[i - 1].sequenceNumber() + 1))
        << "nothing seems to be lost";
  }
  EXPECT_TRUE(router.thinned(kSlow));
  EXPECT_EQ(router.counters(kSlow).droppedFrames, 0U) << "it isn't its path's fault";
}

TEST_F(RouterOverload, LeavesAViewerAKeyFrameWhoseStartWasOvertaken) {
  keyOvertaken = 2;
  thin({{kSlow, Thinning::kKeyFrames}});
  play(10s);
  EXPECT_NEAR(frames(kSlow), 5, 1);
  const auto packets = video(kSlow);
  ASSERT_EQ(packets.size(), static_cast<std::size_t>(frames(kSlow) * kPacketsOfAFrame));
  for (std::size_t i = 1; i < packets.size(); ++i) {
    EXPECT_EQ(packets[i].sequenceNumber(),
              static_cast<std::uint16_t>(packets[i - 1].sequenceNumber() + 1));
  }
}

TEST_F(RouterOverload, LeavesItToAViewerOnANarrowPathToo) {
  keyOvertaken = 2;
  narrowTo(1'000'000);
  thin({{kSlow, Thinning::kKeyFrames}});
  play(10s);
  EXPECT_NEAR(frames(kSlow), 5, 1);
  EXPECT_EQ(video(kSlow).size(), static_cast<std::size_t>(frames(kSlow) * kPacketsOfAFrame));
}

TEST_F(RouterOverload, CountsThePacketsThatOvertookTheStartOfTheirKeyFrame) {
  keyOvertaken = kPacketsOfAFrame - 1;
  thin({{kSlow, Thinning::kKeyFrames}});
  play(5s);
  std::vector<ViewerLoad> loads;
  router.addLoads(loads, now);
  ASSERT_EQ(loads.size(), 2U);
  EXPECT_EQ(loads[1].keyFrames, kPacketsOfAFrame / 2.0);
}

TEST_F(RouterOverload, AsksForAKeyFrameEveryTwoSecondsForAllThatGetNothingElse) {
  thin({{kFast, Thinning::kKeyFrames}, {kSlow, Thinning::kKeyFrames}});
  play(20s);
  EXPECT_GE(output.keyFrameRequests.size(), 9U);
  EXPECT_LE(output.keyFrameRequests.size(), 11U);
}

TEST_F(RouterOverload, HearsNoRequestsOfThoseWhoGetKeyFramesOnly) {
  thin({{kSlow, Thinning::kKeyFrames}});
  play(2s);
  output.keyFrameRequests.clear();
  for (int i = 0; i < 10; ++i) {
    router.onPictureLost(kSlow, now);
    tick(now + 100ms);
  }
  EXPECT_LE(output.keyFrameRequests.size(), 1U) << "the one of every two seconds";
}

TEST_F(RouterOverload, GivesEverythingAgainFromTheNextKeyFrameOnWhichIsAskedFor) {
  thin({{kSlow, Thinning::kKeyFrames}});
  play(3s);
  clear();
  thin({});
  EXPECT_EQ(output.keyFrameRequests.size(), 1U);
  play(2s);
  EXPECT_GE(frames(kSlow), 58);
  EXPECT_FALSE(router.thinned(kSlow));
  EXPECT_EQ(output.keyFrameRequests.size(), 1U);
}

TEST_F(RouterOverload, SharesOutKeyFramesWhereOneForAllWouldBeTooMuchAtOnce) {
  thin({{kFast, Thinning::kKeyFrames}, {kSlow, Thinning::kKeyFrames}}, kPacketsOfAFrame);
  play(10s);
  clear();
  play(8s);
  EXPECT_NEAR(frames(kFast) + frames(kSlow), 4, 1);
  EXPECT_NEAR(frames(kFast), frames(kSlow), 1) << "in turn";
}

TEST_F(RouterOverload, TellsWhatEachViewerTakes) {
  play(1s);
  thin({{kSlow, Thinning::kKeyFrames}});
  std::vector<ViewerLoad> loads;
  router.addLoads(loads, now);
  ASSERT_EQ(loads.size(), 2U);
  EXPECT_NEAR(loads[0].all, 30 * kPacketsOfAFrame, 2 * kPacketsOfAFrame);
  EXPECT_EQ(loads[0].lowestLayer, loads[0].all) << "there are no layers";
  EXPECT_EQ(loads[0].keyFrames, kPacketsOfAFrame / 2.0) << "one every two seconds";
  EXPECT_EQ(loads[1].now, Thinning::kKeyFrames);
}

TEST_F(RouterOverload, CarriesThinningOverToTheNextPublisher) {
  thin({{kSlow, Thinning::kKeyFrames}});
  play(2s);
  clear();
  ssrc = 0x9999;
  publish(kPublisher + 1);
  play(4s);
  EXPECT_GE(frames(kFast), 100);
  EXPECT_GE(frames(kSlow), 1);
  EXPECT_LE(frames(kSlow), 3);
}

}  // namespace
}  // namespace rtcpub::sfu
