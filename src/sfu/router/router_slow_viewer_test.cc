#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sfu/router/publisher_limit.h"
#include "sfu/router/slow_viewer_fixture.h"

namespace rtcpub::sfu {
namespace {

/// Of one layer; a key frame is no larger.
class SlowViewer : public SlowViewerTest {
 protected:
  void frame() override {
    timestamp += 3000;
    const bool isKey = answered_ < output.keyFrameRequests.size();
    answered_ = output.keyFrameRequests.size();
    for (int i = 0; i < kPacketsOfAFrame; ++i) {
      Bytes payload = isKey && i == 0 ? fake::vp8Key() : fake::vp8Delta();
      if (i != 0) payload[0] = 0;  // goes on with the partition
      payload.resize(1032);
      receive({.sequenceNumber = sequenceNumber++,
               .timestamp = timestamp,
               .ssrc = ssrc,
               .marker = i == kPacketsOfAFrame - 1,
               .payload = std::move(payload)});
    }
  }
  void narrow() { narrowTo(500'000); }
  /// Frames that came whole, and at what time the last packet left.
  [[nodiscard]] int frames(MemberId id) const {
    const auto packets = output.to(id);
    return static_cast<int>(std::count_if(packets.begin(), packets.end(), [](const auto& sent) {
      return sent.packet().marker() && sent.packet().ssrc() == kSsrc;
    }));
  }

 private:
  std::size_t answered_ = 0;
};

TEST_F(SlowViewer, GetsWholeFramesThatItsPathCarriesWhileOthersGetAll) {
  narrow();
  output.sent.clear();
  play(milliseconds(10'000));
  EXPECT_GE(frames(kFast), 300);
  EXPECT_GE(frames(kSlow), 55);
  std::size_t bytes = 0;
  for (const auto& sent : output.to(kSlow)) bytes += sent.bytes.size();
  EXPECT_LE(bytes * 8, 10 * 580'000U);
  EXPECT_GE(router.counters(kSlow).droppedFrames, 200U);
  EXPECT_EQ(router.counters(kFast).droppedFrames, 0U);
}

TEST_F(SlowViewer, SeesNoGapInTheSequenceNumbers) {
  narrow();
  output.sent.clear();
  play(milliseconds(5'000));
  std::optional<std::uint16_t> last;
  for (const auto& sent : output.to(kSlow)) {
    if (sent.packet().ssrc() != kSsrc) continue;
    const auto number = sent.packet().sequenceNumber();
    if (last) {
      EXPECT_EQ(static_cast<std::uint16_t>(*last + 1), number);
    }
    last = number;
  }
}

TEST_F(SlowViewer, CostsOneKeyFrameASecondAtMost) {
  const auto media = viewerMedia();
  for (MemberId id = 10; id < 15; ++id) subscribe(id, media);
  play(milliseconds(1'000));
  for (MemberId id = 10; id < 15; ++id) {
    router.onEstimate(id, 10'000'000, now);
    router.onEstimate(id, 400'000 + static_cast<std::int64_t>(id) * 10'000, now);
  }
  output.keyFrameRequests.clear();
  play(milliseconds(10'000));
  EXPECT_LE(output.keyFrameRequests.size(), 11U);
  EXPECT_GE(output.keyFrameRequests.size(), 8U);
}

TEST_F(SlowViewer, GetsEverythingAgainWhenItsPathWidens) {
  narrow();
  play(milliseconds(3'000));
  router.onEstimate(kSlow, 8'000'000, now);
  play(milliseconds(500));
  output.sent.clear();
  play(milliseconds(1'000));
  EXPECT_GE(frames(kSlow), 30);
  EXPECT_EQ(frames(kSlow), frames(kFast));
}

TEST_F(SlowViewer, IsNotSlowedByAnEstimateThatNeverFell) {
  router.onEstimate(kSlow, 500'000, now);
  router.onEstimate(kSlow, 600'000, now);
  output.sent.clear();
  play(milliseconds(1'000));
  EXPECT_EQ(frames(kSlow), frames(kFast));
}

TEST_F(SlowViewer, GetsNoRetransmissionsThatWouldComeTooLate) {
  narrow();
  const auto lost = output.to(kSlow).back().packet().sequenceNumber();
  for (int i = 0; i < 10; ++i) frame();  // its path is full now
  nack(kSlow, {lost});
  EXPECT_EQ(router.counters(kSlow).retransmitted, 0U);
}

TEST_F(SlowViewer, IsProbedWithPadding) {
  narrow();
  play(milliseconds(3'000));
  const auto packets = output.to(kSlow);
  const auto probes = std::count_if(packets.begin(), packets.end(),
                                    [](const auto& sent) { return sent.probe.has_value(); });
  EXPECT_GE(probes, 5);
}

TEST_F(SlowViewer, DoesNotSlowThePublisherWhileAnotherIsFast) {
  narrow();
  EXPECT_EQ(router.publisherLimit(now), std::nullopt);
}

TEST_F(SlowViewer, SlowsThePublisherToTheFastestOfAllWhoAreSlow) {
  narrow();
  router.onEstimate(kFast, 10'000'000, now);
  router.onEstimate(kFast, 1'000'000, now);
  EXPECT_EQ(router.publisherLimit(now), 900'000);
  subscribe(3);  // nothing is known of its path
  wait(milliseconds(1000));
  EXPECT_EQ(router.publisherLimit(now), PublisherLimit::kUnlimited);
}

TEST_F(SlowViewer, StaysLimitedWhenThePublisherHasBecomeSlow) {
  router.removeViewer(kFast);
  narrow();
  EXPECT_EQ(router.publisherLimit(now), 450'000);
  wait(milliseconds(5000));  // it sends next to nothing now
  delta();
  router.onEstimate(kSlow, 600'000, now);
  EXPECT_EQ(router.publisherLimit(now), 540'000);
}

TEST_F(SlowViewer, MayLeaveWhilePacketsWaitForIt) {
  narrow();
  for (int i = 0; i < 10; ++i) frame();
  router.removeViewer(kSlow);
  output.sent.clear();
  tick(now + milliseconds(2'000));
  EXPECT_TRUE(output.to(kSlow).empty());
}

TEST_F(SlowViewer, HasAPlaceForTheTransportWideNumberInEveryPacket) {
  for (const auto& sent : output.sent) EXPECT_NE(sent.transportSequence, 0U);
}

}  // namespace
}  // namespace rtcpub::sfu
