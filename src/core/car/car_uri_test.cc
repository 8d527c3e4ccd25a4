#include "core/car/car_uri.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::car {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view text) {
  const auto uri = parseCarUri(text);
  return uri ? "" : uri.error().message;
}

TEST(CarUri, NamesAPca9685WithItsDefaults) {
  EXPECT_EQ(parseCarUri("pca9685:/dev/i2c-1"),
            CarUri(Pca9685Uri{.device = "/dev/i2c-1", .pwm = {}}));
}

TEST(CarUri, TakesAPca9685sOptions) {
  const auto uri = parseCarUri(
      "pca9685:/dev/i2c-7?address=0x41&frequency=50&steering=4&throttle=5&"
      "steering-pulse=1900,1450,1100&throttle-pulse=1000,1510,1800");
  Pca9685Uri expected{.device = "/dev/i2c-7", .address = 0x41, .pwm = {}};
  expected.pwm.frequency = 50;
  expected.pwm.steering = {.channel = 4, .pulses = {.min = 1900, .centre = 1450, .max = 1100}};
  expected.pwm.throttle = {.channel = 5, .pulses = {.min = 1000, .centre = 1510, .max = 1800}};
  EXPECT_EQ(uri, CarUri(expected));
  EXPECT_EQ(pwmOf(*uri), expected.pwm);
}

TEST(CarUri, NamesTheKernelsPwmByNumberNameOrDirectory) {
  const CarUri second(SysfsPwmUri{.directory = "/sys/class/pwm/pwmchip2", .pwm = {}});
  EXPECT_EQ(parseCarUri("sysfs-pwm:2"), second);
  EXPECT_EQ(parseCarUri("sysfs-pwm:pwmchip2"), second);
  EXPECT_EQ(parseCarUri("sysfs-pwm:/sys/class/pwm/pwmchip2"), second);
}

TEST(CarUri, NamesProgramsAndWhatIsPrinted) {
  EXPECT_EQ(parseCarUri("exec:python3 motors.py --fast?"),
            CarUri(ExecUri{"python3 motors.py --fast?"}));
  EXPECT_EQ(parseCarUri("print:"), CarUri(PrintUri{}));
  EXPECT_EQ(parseCarUri("print:/tmp/car.jsonl"), CarUri(PrintUri{"/tmp/car.jsonl"}));
  EXPECT_EQ(parseCarUri("sim:"), CarUri(PrintUri{}));
}

TEST(CarUri, SaysWhatItTakes) {
  EXPECT_THAT(refusal("/dev/i2c-1"), HasSubstr("does not begin with pca9685:"));
  EXPECT_THAT(refusal("pca9685:"), HasSubstr("as pca9685:/dev/i2c-1"));
  EXPECT_THAT(refusal("pca9685:x?address=64"), HasSubstr("from 0x08 to 0x77"));
  EXPECT_THAT(refusal("pca9685:x?address=0x78"), HasSubstr("from 0x08 to 0x77"));
  EXPECT_THAT(refusal("pca9685:x?throttle=16"), HasSubstr("from 0 to 15"));
  EXPECT_THAT(refusal("pca9685:x?frequency=1000"), HasSubstr("from 40 to 333"));
  EXPECT_THAT(refusal("pca9685:x?speed=9"), HasSubstr("there is no option \"speed\""));
  EXPECT_THAT(refusal("pca9685:x?steering=0"), HasSubstr("both be on channel 0"));
  EXPECT_THAT(refusal("sysfs-pwm:../x"), HasSubstr("as sysfs-pwm:0"));
  EXPECT_THAT(refusal("print:a\n"), HasSubstr("takes a file"));
  EXPECT_THAT(refusal("exec: "), HasSubstr("as exec:./motors.py"));
  EXPECT_THAT(refusal("sim:x"), HasSubstr("nothing behind it"));
}

TEST(CarUri, TakesPulsesWithTheMiddleBetweenTheEndsOnly) {
  for (const char* pulses : {"1500,1000,2000", "1000,1500", "1000,1500,1500", "1,2,3", "a,b,c", "",
                             "1000,1500,2000,2500", "1000,1500,2601"}) {
    EXPECT_THAT(refusal(std::string("pca9685:x?throttle-pulse=") + pulses),
                HasSubstr("throttle-pulse takes three pulses"))
        << pulses;
  }
}

TEST(Pin, IsAChipAndALine) {
  EXPECT_EQ(parsePin("gpiochip0:17", false), (Pin{"/dev/gpiochip0", 17, false}));
  EXPECT_EQ(parsePin("/dev/gpiochip4:2", true), (Pin{"/dev/gpiochip4", 2, true}));
  EXPECT_EQ(parsePin("gpiochip0:17?active=high", true), (Pin{"/dev/gpiochip0", 17, false}));
  EXPECT_EQ(parsePin("gpiochip0:17?active=low", false), (Pin{"/dev/gpiochip0", 17, true}));
}

TEST(Pin, SaysWhatItTakes) {
  for (const char* text : {"", "17", "gpiochip0", "gpiochip0:", "gpiochip0:-1", ":17", "a:b"}) {
    EXPECT_THAT(parsePin(text, false).error().message, HasSubstr("as gpiochip0:17")) << text;
  }
  EXPECT_THAT(parsePin("a:1?x", false).error().message, HasSubstr("?active=low"));
}

}  // namespace
}  // namespace rtcpub::car
