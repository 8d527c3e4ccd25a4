#include "peer/probe_schedule.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rtcpub::peer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kWanted = 4000;

/// A sender whose estimate follows its probes on a path of a given width, in virtual time.
class Sender {
 public:
  int probes = 0;
  int estimate = 900;
  int path = 1000;
  milliseconds queueing{0};
  double loss = 0;
  double used = 0.9;

  void run(milliseconds duration) {
    for (const Time end = now_ + duration; now_ < end; now_ += milliseconds(25)) {
      if (resultAt_ && now_ >= *resultAt_) {
        estimate = result_;
        resultAt_.reset();
      }
      const auto rate = schedule_.due({.estimateKbps = estimate,
                                       .wantedKbps = kWanted,
                                       .sentKbps = static_cast<int>(estimate * used),
                                       .queueing = queueing,
                                       .loss = loss},
                                      now_);
      if (!rate) continue;
      ++probes;
      highest = std::max(highest, *rate);
      result_ = std::min(*rate, path * 95 / 100);
      resultAt_ = now_ + milliseconds(120);
    }
  }
  int highest = 0;

 private:
  ProbeSchedule schedule_;
  Time now_{seconds(10)};
  std::optional<Time> resultAt_;
  int result_ = 0;
};

TEST(ProbeSchedule, FindsAPathThatHasWidenedWithinFourSeconds) {
  Sender sender;
  sender.run(seconds(15));
  EXPECT_LE(sender.estimate, 1000);
  sender.path = 5000;
  sender.run(seconds(4));
  EXPECT_GE(sender.estimate, kWanted);
}

TEST(ProbeSchedule, AsksANarrowPathLessAndLessOften) {
  Sender sender;
  sender.run(seconds(20));
  sender.probes = 0;
  sender.run(seconds(20));
  EXPECT_LE(sender.probes, 8);
  EXPECT_GE(sender.probes, 5);
}

TEST(ProbeSchedule, AsksForNoMoreThanVideoCanUse) {
  Sender sender;
  sender.path = 50'000;
  sender.run(seconds(10));
  EXPECT_LE(sender.highest, kWanted * 4 / 3);
  sender.probes = 0;
  sender.run(seconds(30));
  EXPECT_EQ(sender.probes, 0);
}

TEST(ProbeSchedule, LeavesAPathAloneThatQueuesOrLoses) {
  Sender sender;
  sender.queueing = milliseconds(60);
  sender.run(seconds(10));
  EXPECT_EQ(sender.probes, 0);
  sender.queueing = milliseconds(0);
  sender.loss = 0.3;
  sender.run(seconds(10));
  EXPECT_EQ(sender.probes, 0);
  sender.loss = 0;
  sender.run(seconds(1));
  EXPECT_GT(sender.probes, 0);
}

TEST(ProbeSchedule, WaitsAfterAFall) {
  Sender sender;
  sender.path = 3000;
  sender.estimate = 3000;
  sender.run(seconds(5));
  sender.estimate = 800;
  sender.path = 800;
  sender.probes = 0;
  sender.run(milliseconds(1400));
  EXPECT_EQ(sender.probes, 0);
  sender.run(milliseconds(400));
  EXPECT_EQ(sender.probes, 1);
}

TEST(ProbeSchedule, LeavesItToLibwebrtcWhileTheVideoTakesLittle) {
  Sender sender;
  sender.used = 0.3;
  sender.run(seconds(10));
  EXPECT_EQ(sender.probes, 0);
}

}  // namespace
}  // namespace rtcpub::peer
