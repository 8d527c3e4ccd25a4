#include "core/clock/heartbeat.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1000s};

TEST(Heartbeat, IsNotLateBeforeItBegins) { EXPECT_EQ(Heartbeat(100ms).late(kStart), 0s); }

TEST(Heartbeat, IsLateByWhatIsBeyondItsInterval) {
  Heartbeat heart(100ms);
  heart.beat(kStart);
  EXPECT_EQ(heart.late(kStart), 0s);
  EXPECT_EQ(heart.late(kStart + 100ms), 0s);
  EXPECT_EQ(heart.late(kStart + 130ms), 30ms);
  heart.beat(kStart + 5s);
  EXPECT_EQ(heart.late(kStart + 5s), 0s);
}

}  // namespace
}  // namespace rtcpub
