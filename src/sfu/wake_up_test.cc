#include "sfu/wake_up.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

namespace rtcpub::sfu {
namespace {

using namespace std::chrono_literals;

/// Timers in virtual time.
class Timers {
 public:
  WakeUp::PostAfter post() {
    return [this](Time::duration delay, std::function<void()> task) {
      waiting_.emplace(now + delay, std::move(task));
    };
  }
  void runUntil(Time end) {
    while (!waiting_.empty() && waiting_.begin()->first <= end) {
      auto first = waiting_.extract(waiting_.begin());
      now = first.key();
      first.mapped()();
    }
    now = end;
  }
  [[nodiscard]] std::size_t underWay() const { return waiting_.size(); }

  Time now{100s};

 private:
  std::multimap<Time, std::function<void()>> waiting_;
};

TEST(WakeUp, ComesWhenItIsDueAndOnceOnly) {
  Timers timers;
  const Time start = timers.now;
  std::vector<Time> runs;
  WakeUp wakeUp(timers.post(), [&] { runs.push_back(timers.now); });
  wakeUp.set(start + 20ms, start);
  wakeUp.set(start + 20ms, start);
  wakeUp.set(start + 30ms, start);
  timers.runUntil(start + 1s);
  EXPECT_EQ(runs, std::vector{start + 20ms});
}

TEST(WakeUp, ComesAtOnceWhenItIsOverdue) {
  Timers timers;
  const Time start = timers.now;
  int runs = 0;
  WakeUp wakeUp(timers.post(), [&] { ++runs; });
  wakeUp.set(start - 1s, start);
  timers.runUntil(start);
  EXPECT_EQ(runs, 1);
}

TEST(WakeUp, KeepsAsManyTimersHoweverOftenItIsSetEarlier) {
  Timers timers;
  const Time start = timers.now;
  Time probe = start + 2s;  // of a narrow viewer: there is always a next one
  int runs = 0;
  std::unique_ptr<WakeUp> wakeUp;
  const auto task = [&] {
    ++runs;
    while (probe <= timers.now) probe += 2s;
    wakeUp->set(probe, timers.now);
  };
  wakeUp = std::make_unique<WakeUp>(timers.post(), task);
  wakeUp->set(probe, start);
  for (int packets = 0; packets < 1000; ++packets) {  // each is something to do in 3 ms
    wakeUp->set(timers.now + 3ms, timers.now);
    timers.runUntil(timers.now + 10ms);
    ASSERT_EQ(timers.underWay(), 1U) << packets;
  }
  EXPECT_LE(runs, 1000 + 5);
  runs = 0;
  timers.runUntil(timers.now + 20s);
  EXPECT_EQ(runs, 10) << "and one for each probe";
}

TEST(WakeUp, NeverComesOnceItIsGone) {
  Timers timers;
  int runs = 0;
  auto wakeUp = std::make_unique<WakeUp>(timers.post(), [&] { ++runs; });
  wakeUp->set(timers.now + 1s, timers.now);
  wakeUp.reset();
  timers.runUntil(timers.now + 2s);
  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace rtcpub::sfu
