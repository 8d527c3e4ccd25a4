#include "sfu/transport/bandwidth_estimator.h"

#include <api/transport/field_trial_based_config.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

#include "engine/compat/transport_feedback.h"

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;

/// A sender at a fixed rate, a path with a queue of 200 ms, and its other end's feedback, in
/// virtual time.
class BandwidthEstimatorTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kSize = 1000;

  void run(int sendKbps, int linkKbps, milliseconds time) {
    const auto interval = std::chrono::microseconds(8'000'000 / sendKbps);
    for (const Time end = now + time; now < end; now += interval) {
      send(linkKbps);
      if (now - reportedAt >= milliseconds(50)) report();
    }
  }
  void send(int linkKbps) {
    const auto number = estimator.number(kSize, std::nullopt, now);
    const auto start = std::max(now, linkFree);
    if (start - now > milliseconds(200)) return;  // the queue is full
    linkFree = start + std::chrono::microseconds(8'000'000 / linkKbps);
    arriving.push_back({number, linkFree + milliseconds(20)});
  }
  void report() {
    auto feedback = engine::makeFeedback();
    bool any = false;
    for (; !arriving.empty() && arriving.front().second <= now; arriving.pop_front()) {
      const auto [number, time] = arriving.front();
      const auto at = webrtc::Timestamp::Micros(time.time_since_epoch().count());
      if (!any) feedback.SetBase(next, at);
      if (!feedback.AddReceivedPacket(number, at)) break;
      next = static_cast<std::uint16_t>(number + 1);
      any = true;
    }
    reportedAt = now;
    if (!any) return;
    feedback.SetFeedbackSequenceNumber(count++);
    const auto bytes = feedback.Build();
    const auto parsed = webrtc::rtcp::TransportFeedback::ParseFrom(bytes.data(), bytes.size());
    ASSERT_TRUE(parsed);
    estimator.onFeedback(*parsed, now);
  }

  webrtc::FieldTrialBasedConfig trials;
  Time now{std::chrono::seconds(1000)};
  BandwidthEstimator estimator{trials, now};
  Time linkFree{};
  Time reportedAt{};
  std::deque<std::pair<std::uint16_t, Time>> arriving;
  std::uint16_t next = 0;
  std::uint8_t count = 0;
};

TEST_F(BandwidthEstimatorTest, KnowsNothingBeforeTheFirstFeedback) {
  (void)estimator.number(kSize, std::nullopt, now);
  EXPECT_EQ(estimator.bitsPerSecond(), std::nullopt);
}

TEST_F(BandwidthEstimatorTest, StaysHighWhileThePathCarriesWhatIsSent) {
  run(2000, 20'000, milliseconds(5'000));
  ASSERT_TRUE(estimator.bitsPerSecond());
  EXPECT_GE(*estimator.bitsPerSecond(), 5'000'000);
}

TEST_F(BandwidthEstimatorTest, FallsToWhatANarrowPathCarriesWithinASecond) {
  run(2000, 500, milliseconds(1'000));
  ASSERT_TRUE(estimator.bitsPerSecond());
  EXPECT_LE(*estimator.bitsPerSecond(), 700'000);
  EXPECT_GE(*estimator.bitsPerSecond(), 200'000);
}

TEST_F(BandwidthEstimatorTest, NumbersOnWithoutFeedback) {
  std::uint16_t last = estimator.number(kSize, std::nullopt, now);
  for (int i = 0; i < 70'000; ++i) {
    const std::uint16_t number = estimator.number(kSize, std::nullopt, now);
    ASSERT_EQ(number, static_cast<std::uint16_t>(last + 1));
    last = number;
  }
}

TEST_F(BandwidthEstimatorTest, SurvivesFeedbackAboutAnythingAtAnyTime) {
  std::mt19937 random(7);
  for (int i = 0; i < 3'000; ++i) {
    now += std::chrono::microseconds(random() % 30'000);
    const auto number = estimator.number(
        random() % 1500,
        random() % 8 == 0 ? std::optional(Probe{9, 1'000'000, 5, 1000}) : std::nullopt, now);
    auto feedback = engine::makeFeedback();
    auto at =
        webrtc::Timestamp::Micros(static_cast<std::int64_t>(random() % 1'000'000'000) + 20'000'000);
    auto about = static_cast<std::uint16_t>(number - random() % 100 + random() % 20);
    feedback.SetBase(about, at);
    for (auto packets = random() % 20; packets > 0; --packets) {
      at += webrtc::TimeDelta::Micros(static_cast<std::int64_t>(random() % 400'000) - 200'000);
      if (!feedback.AddReceivedPacket(about, at)) break;
      about = static_cast<std::uint16_t>(about + 1 + random() % 3);
    }
    estimator.onFeedback(feedback, now);
  }
  SUCCEED();
}

}  // namespace
}  // namespace rtcpub::sfu
