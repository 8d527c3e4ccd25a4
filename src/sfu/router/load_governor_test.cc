#include "sfu/router/load_governor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace rtcpub::sfu {
namespace {

using namespace std::chrono_literals;

/// A core that can send so many packets a second, and a queue before it; viewers who want more or
/// less of what waits there. What is left out costs nothing.
class Core {
 public:
  explicit Core(double capacity) : capacity_(capacity) {}

  void wants(double packets) { demand_ = packets; }
  void can(double packets) { capacity_ = packets; }
  void run(std::chrono::milliseconds time) {
    for (const Time end = now_ + time; now_ < end;) step();
  }
  /// Something else keeps it from its work once.
  void stumble(std::chrono::milliseconds time) { late_ += secondsOf(time); }

  [[nodiscard]] double sent() const { return sent_; }
  LoadGovernor governor;
  std::chrono::microseconds mostLate{};
  int changes = 0;

 private:
  static double secondsOf(std::chrono::microseconds time) {
    return std::chrono::duration<double>(time).count();
  }
  static std::chrono::microseconds timeOf(double seconds) {
    return std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6));
  }
  void step() {
    constexpr std::chrono::milliseconds kStep{100};
    const double step = secondsOf(kStep);
    now_ += kStep;
    const double rate = std::min(demand_, governor.budget().value_or(demand_));
    const double before = late_;
    late_ = std::max(0.0, before + step * (1 - capacity_ / rate));
    mostLate = std::max(mostLate, timeOf(late_));
    const double busy = std::min(1.0, (before + step) * rate / capacity_ / step);
    sent_ = busy * capacity_;
    const auto budget = governor.budget();
    governor.onSample(
        {.lateness = timeOf(std::min(before, late_)), .busy = busy, .packetsOut = sent_}, now_);
    governor.onDemand(demand_, now_);
    if (budget != governor.budget()) ++changes;
  }

  double capacity_;
  double demand_ = 1;
  double late_ = 0;  ///< seconds
  double sent_ = 0;
  Time now_{100s};
};

TEST(LoadGovernor, LeavesACoreAloneThatKeepsUp) {
  Core core(100'000);
  core.wants(97'000);
  core.run(60s);
  EXPECT_FALSE(core.governor.overloaded());
}

TEST(LoadGovernor, LeavesABurstAlone) {
  Core core(100'000);
  core.wants(60'000);
  core.run(5s);
  for (int i = 0; i < 10; ++i) {
    core.stumble(90ms);  // which it makes up for within a fifth of a second
    core.run(2s);
  }
  EXPECT_FALSE(core.governor.overloaded());
}

TEST(LoadGovernor, LeavesAThreadAloneThatStoodStill) {
  LoadGovernor governor;
  for (Time now{100s}; now < Time{101s}; now += 100ms) {
    governor.onSample({.lateness = 500ms, .busy = 0.2, .packetsOut = 100}, now);
  }
  EXPECT_FALSE(governor.overloaded());
}

TEST(LoadGovernor, KeepsALoadOfOneAndAHalfInTime) {
  Core core(100'000);
  core.wants(150'000);
  core.run(10s);
  EXPECT_TRUE(core.governor.overloaded());
  EXPECT_LE(core.mostLate, 150ms) << "before it began to act, too";
  core.mostLate = {};
  core.run(60s);
  EXPECT_LE(core.mostLate, 100ms) << "when it tries for more, too";
  EXPECT_GE(core.sent(), 70'000) << "and the core is used";
}

TEST(LoadGovernor, FollowsACoreThatCanLessThanItDid) {
  Core core(100'000);
  core.wants(150'000);
  core.run(10s);
  core.can(50'000);
  core.run(5s);
  core.mostLate = {};
  core.run(60s);
  EXPECT_LE(core.mostLate, 100ms);
}

TEST(LoadGovernor, EndsSlowlyWhenTheLoadIsGone) {
  Core core(100'000);
  core.wants(150'000);
  core.run(10s);
  core.wants(60'000);
  core.run(1s);
  EXPECT_TRUE(core.governor.overloaded());
  core.run(5s);
  EXPECT_FALSE(core.governor.overloaded());
  core.run(60s);
  EXPECT_FALSE(core.governor.overloaded());
}

TEST(LoadGovernor, TakesBackQuicklyWhatWasLeftOutInError) {
  Core core(100'000);
  core.wants(150'000);
  core.can(10'000);
  core.run(5s);
  core.can(200'000);
  core.run(25s);
  EXPECT_FALSE(core.governor.overloaded());
  EXPECT_GE(core.sent(), 149'000);
}

TEST(LoadGovernor, SendsHalfAtFirstWhereTheThreadWasBusyWithOtherThings) {
  LoadGovernor governor;
  Time now{100s};
  for (int i = 0; i < 5; ++i, now += 100ms) {
    governor.onSample({.lateness = 50ms, .busy = 1, .packetsOut = 10}, now);
    governor.onDemand(1000, now);
  }
  EXPECT_EQ(governor.budget(), 500);
}

TEST(LoadGovernor, TakesBackWhatWasLeftOutWhenNothingWasWantedAtFirst) {
  LoadGovernor governor;
  Time now{100s};
  governor.onSample({.lateness = 150ms, .busy = 1, .packetsOut = 0}, now);
  governor.onDemand(0, now);
  ASSERT_TRUE(governor.overloaded());
  EXPECT_GE(governor.budget(), LoadGovernor::kLeastBudget);
  for (const Time end = now + 15s; now < end; now += 100ms) {
    const double sent = std::min(3000.0, governor.budget().value_or(3000));
    governor.onSample({.busy = sent / 100'000, .packetsOut = sent}, now);
    governor.onDemand(3000, now);
  }
  EXPECT_FALSE(governor.overloaded());
}

TEST(LoadGovernor, NeverLeavesOutEverything) {
  LoadGovernor governor;
  for (Time now{100s}; now < Time{160s}; now += 100ms) {
    governor.onSample({.lateness = 500ms, .busy = 1, .packetsOut = 0}, now);
    governor.onDemand(1000, now);
  }
  EXPECT_EQ(governor.budget(), LoadGovernor::kLeastBudget);
}

TEST(LoadGovernor, RecoversFromAStumbleUnderALoadThatIsHighButFits) {
  for (const double load : {76'000, 85'000, 89'000}) {
    Core core(100'000);
    core.wants(load);
    core.run(5s);
    core.stumble(600ms);
    core.run(1s);
    EXPECT_TRUE(core.governor.overloaded());
    core.run(300s);
    EXPECT_FALSE(core.governor.overloaded()) << load;
  }
}

TEST(LoadGovernor, SeldomTriesForMoreWhenThereIsTooMuchForGood) {
  Core core(100'000);
  core.wants(150'000);
  core.run(60s);
  core.changes = 0;
  core.mostLate = {};
  for (int i = 0; i < 300; ++i) {
    core.stumble(40ms);
    core.run(2s);
    EXPECT_TRUE(core.governor.overloaded());
  }
  EXPECT_LE(core.changes, 20) << "in ten minutes";
  EXPECT_LE(core.mostLate, 150ms);
}

TEST(LoadGovernor, DoesNotGoUpAndDownAllTheTime) {
  Core core(100'000);
  core.wants(150'000);
  core.run(60s);
  core.changes = 0;
  core.run(60s);
  EXPECT_LE(core.changes, 6);
}

}  // namespace
}  // namespace rtcpub::sfu
