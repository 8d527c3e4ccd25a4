#include "core/car/pulses.h"

#include <gtest/gtest.h>

namespace rtcpub::car {
namespace {

TEST(Pulses, LieBetweenTheirEnds) {
  const Pulses pulses{.min = 1100, .centre = 1500, .max = 1700};
  EXPECT_DOUBLE_EQ(pulseUs(pulses, 0), 1500);
  EXPECT_DOUBLE_EQ(pulseUs(pulses, 1), 1700);
  EXPECT_DOUBLE_EQ(pulseUs(pulses, -1), 1100);
  EXPECT_DOUBLE_EQ(pulseUs(pulses, -0.5), 1300);
}

TEST(Pulses, NeverLeaveTheirRange) {
  EXPECT_DOUBLE_EQ(pulseUs({}, 7), 2000);
  EXPECT_DOUBLE_EQ(pulseUs({}, -7), 1000);
}

TEST(Pulses, MayRunTheOtherWay) {
  const Pulses pulses{.min = 1900, .centre = 1500, .max = 1200};
  EXPECT_DOUBLE_EQ(pulseUs(pulses, 1), 1200);
  EXPECT_DOUBLE_EQ(pulseUs(pulses, -0.5), 1700);
}

TEST(MaxSpeed, IsThePulseOfFullThrottle) {
  const PwmOptions options;  // 60 Hz: a step is 4.07 µs
  EXPECT_NEAR(throttleShare(options, 400), 0.2552, 0.0001);
  EXPECT_DOUBLE_EQ(throttleShare(options, 0), 0);
  EXPECT_DOUBLE_EQ(throttleShare(options, 4095), 1);
}

TEST(MaxSpeed, IsHeldWithinTheThrottlesPulses) {
  const PwmOptions options;
  EXPECT_EQ(possibleMaxSpeed(options, 400), 400);
  EXPECT_EQ(possibleMaxSpeed(options, 4095), 491);
  EXPECT_EQ(fullMaxSpeed(options), 491);
}

TEST(MaxSpeed, IsNoneWhereItWouldLeaveNoSpeed) {
  const PwmOptions options;
  for (const int none : {0, 100, 307, 350, 368}) {
    EXPECT_EQ(possibleMaxSpeed(options, none), std::nullopt) << none;
  }
  EXPECT_EQ(possibleMaxSpeeds(options).least, 369);
  EXPECT_EQ(possibleMaxSpeed(options, 369), 369);
  EXPECT_GT(throttleShare(options, 369), 0);
}

TEST(MaxSpeed, GoesDownWhereThePulsesDo) {
  PwmOptions options;
  options.throttle.pulses = {.min = 2000, .centre = 1500, .max = 1000};
  EXPECT_NEAR(throttleShare(options, 307), 0.5, 0.01);
  EXPECT_EQ(possibleMaxSpeed(options, 0), 246);
  EXPECT_EQ(possibleMaxSpeed(options, 400), std::nullopt);
  EXPECT_EQ(fullMaxSpeed(options), 246);
}

}  // namespace
}  // namespace rtcpub::car
