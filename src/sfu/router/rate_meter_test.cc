#include "sfu/router/rate_meter.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;

TEST(RateMeter, TellsTheBitsOfTheLastSecond) {
  RateMeter meter;
  Time now{std::chrono::seconds(5)};
  for (int i = 0; i < 30; ++i, now += milliseconds(100)) meter.add(1000, now);
  EXPECT_EQ(meter.bitsPerSecond(now - milliseconds(1)), 80'000);
}

TEST(RateMeter, ForgetsWhatIsOlder) {
  RateMeter meter;
  const Time now{std::chrono::seconds(5)};
  meter.add(1000, now);
  EXPECT_EQ(meter.bitsPerSecond(now + milliseconds(900)), 8'000);
  EXPECT_EQ(meter.bitsPerSecond(now + milliseconds(1000)), 0);
}

}  // namespace
}  // namespace rtcpub::sfu
