#include "sfu/thread_load.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace rtcpub::sfu {
namespace {

using namespace std::chrono_literals;

TEST(ThreadLoad, SaysWhetherTheThreadWorksOrSleeps) {
  ThreadLoad load;
  EXPECT_EQ(load.measure(monotonicNow()), 0);
  std::this_thread::sleep_for(100ms);
  EXPECT_LT(load.measure(monotonicNow()), 0.5);
  // Also when others have the cores: it is ready to run all the time.
  for (const Time end = monotonicNow() + 200ms; monotonicNow() < end;) {
  }
  EXPECT_GT(load.measure(monotonicNow()), 0.8);
}

}  // namespace
}  // namespace rtcpub::sfu
