#include "core/car/power_switch.h"

#include <gtest/gtest.h>

namespace rtcpub::car {
namespace {

Time ms(int after) { return Time(std::chrono::seconds(1000) + std::chrono::milliseconds(after)); }

TEST(PowerSwitch, BeginsOff) {
  PowerSwitch power;
  EXPECT_FALSE(power.onTime(false, ms(0)));
  EXPECT_FALSE(power.onTime(false, ms(1000)));
}

TEST(PowerSwitch, IsOnWhileSomebodyMayDriveAndUntilMotorsHaveGotNeutral) {
  PowerSwitch power;
  EXPECT_TRUE(power.onTime(true, ms(0)));
  EXPECT_TRUE(power.onTime(true, ms(5000)));
  EXPECT_TRUE(power.onTime(false, ms(5010)));
  EXPECT_TRUE(power.onTime(false, ms(5109)));
  EXPECT_FALSE(power.onTime(false, ms(5110)));
}

TEST(PowerSwitch, StaysOnWhenSomebodyDrivesOnInTime) {
  PowerSwitch power;
  EXPECT_TRUE(power.onTime(true, ms(0)));
  EXPECT_TRUE(power.onTime(false, ms(10)));
  EXPECT_TRUE(power.onTime(true, ms(100)));
  EXPECT_TRUE(power.onTime(false, ms(150))) << "the time begins anew";
  EXPECT_FALSE(power.onTime(false, ms(250)));
}

TEST(PowerSwitch, IsCutAtOnceWhereNeutralCannotBeWritten) {
  PowerSwitch power;
  EXPECT_TRUE(power.onTime(true, ms(0)));
  power.cut();
  EXPECT_FALSE(power.onTime(false, ms(0)));
}

}  // namespace
}  // namespace rtcpub::car
