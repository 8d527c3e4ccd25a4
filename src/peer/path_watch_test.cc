#include "peer/path_watch.h"

#include <gtest/gtest.h>

#include <vector>

namespace rtcpub::peer {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr int kBytes = 1200;

/// A path with a queue in front of it, in virtual time; packets of 1,200 bytes.
class Path {
 public:
  /// A link of so many kbit/s, and how long its queue may become.
  void set(int kbps, milliseconds queue) {
    kbps_ = kbps;
    queue_ = queue;
  }

  /// Sends at this rate for so long, with feedback every 50 ms; returns the first fall that is seen
  /// and after how long.
  struct Fall {
    int kbps = 0;
    milliseconds after{};
  };
  std::optional<Fall> send(PathWatch& watch, int kbps, milliseconds duration, int loseEvery = 0) {
    const Time began = now_;
    std::optional<Fall> seen;
    std::vector<PacketOutcome> report;
    Time reported = now_;
    while (now_ - began < duration) {
      report.push_back(next(loseEvery));
      now_ += microseconds(kBytes * 8 * 1000 / kbps);
      if (now_ - reported < milliseconds(50)) continue;
      reported = now_;
      const auto fall = watch.onFeedback(report);
      report.clear();
      if (fall && !seen) {
        seen = Fall{*fall, std::chrono::duration_cast<milliseconds>(now_ - began)};
      }
    }
    return seen;
  }

 private:
  PacketOutcome next(int loseEvery) {
    PacketOutcome outcome{.sent = now_, .received = std::nullopt, .bytes = kBytes};
    free_ = std::max(free_, now_);
    if (free_ - now_ > queue_ || (loseEvery != 0 && ++count_ % loseEvery == 0)) return outcome;
    free_ += microseconds(kBytes * 8 * 1000 / kbps_);
    outcome.received = free_ + kClockOffset;
    return outcome;
  }

  static constexpr std::chrono::hours kClockOffset{7};
  int kbps_ = 5000;
  milliseconds queue_{100};
  Time now_{std::chrono::seconds(100)};
  Time free_{};
  int count_ = 0;
};

TEST(PathWatch, SeesAFallWithinASixthOfASecondOfFeedback) {
  PathWatch watch;
  Path path;
  EXPECT_FALSE(path.send(watch, 4000, milliseconds(3000)));
  path.set(1000, milliseconds(100));
  const auto fall = path.send(watch, 4000, milliseconds(1000));
  ASSERT_TRUE(fall);
  EXPECT_NEAR(fall->kbps, 1000, 250);
  EXPECT_LE(fall->after, milliseconds(200));
}

TEST(PathWatch, TellsAFallOnceIfTheSenderHeedsIt) {
  PathWatch watch;
  Path path;
  (void)path.send(watch, 4000, milliseconds(1000));
  path.set(1000, milliseconds(100));
  EXPECT_TRUE(path.send(watch, 4000, milliseconds(150)));
  EXPECT_FALSE(path.send(watch, 850, milliseconds(5000)));
}

TEST(PathWatch, TellsAFallAgainIfTheSenderDoesNotHeedIt) {
  PathWatch watch;
  Path path;
  (void)path.send(watch, 4000, milliseconds(1000));
  path.set(1000, milliseconds(100));
  EXPECT_TRUE(path.send(watch, 4000, milliseconds(200)));
  EXPECT_TRUE(path.send(watch, 4000, milliseconds(1000)));
}

TEST(PathWatch, DoesNotTakeLossWithoutAQueueForAFall) {
  PathWatch watch;
  Path path;
  EXPECT_FALSE(path.send(watch, 2000, milliseconds(5000), 3));
  EXPECT_NEAR(watch.loss(), 1.0 / 3, 0.05);
  EXPECT_LT(watch.queueing(), milliseconds(5));
}

TEST(PathWatch, DoesNotTakeALongQueueWithoutLossForAFall) {
  PathWatch watch;
  Path path;
  (void)path.send(watch, 4000, milliseconds(1000));
  path.set(3000, milliseconds(2000));
  EXPECT_FALSE(path.send(watch, 4000, milliseconds(2000)));
  EXPECT_GT(watch.queueing(), milliseconds(100));
}

TEST(PathWatch, ForgetsTheShorterDelayOfAnEarlierRoute) {
  PathWatch watch;
  std::vector<PacketOutcome> report;
  Time now{};
  const auto send = [&](milliseconds delay, std::chrono::seconds duration) {
    for (const Time end = now + duration; now < end; now += milliseconds(10)) {
      const PacketOutcome outcome{.sent = now, .received = now + delay, .bytes = kBytes};
      (void)watch.onFeedback({&outcome, 1});
    }
  };
  send(milliseconds(20), std::chrono::seconds(4));
  send(milliseconds(90), std::chrono::seconds(1));
  EXPECT_EQ(watch.queueing(), milliseconds(70));
  send(milliseconds(90), std::chrono::seconds(17));
  EXPECT_EQ(watch.queueing(), milliseconds(0));
}

TEST(PathWatch, KnowsNothingWithoutFeedback) {
  PathWatch watch;
  EXPECT_FALSE(watch.onFeedback({}));
  EXPECT_EQ(watch.queueing(), milliseconds(0));
  EXPECT_EQ(watch.loss(), 0);
}

TEST(PathWatch, TellsNoFallWhenNothingArrivesAtAll) {
  PathWatch watch;
  const std::vector<PacketOutcome> report(
      50, {.sent = Time(milliseconds(1)), .received = std::nullopt, .bytes = kBytes});
  EXPECT_FALSE(watch.onFeedback(report));  // an outage: there is no rate to go down to
}

}  // namespace
}  // namespace rtcpub::peer
