#include "core/car/pca9685.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <vector>

namespace rtcpub::car {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The chip on a bus that notes each transfer, byte by byte. It has the registers' state after
/// power-on, and does with them what the data sheet says.
class FakeBus final : public RegisterBus {
 public:
  FakeBus() {
    registers.at(pca9685::kMode1) = pca9685::kSleep | 0x01;  // ALLCALL
    registers.at(pca9685::kMode2) = pca9685::kTotemPole;
    registers.at(pca9685::kPreScale) = 0x1E;
    for (int channel = 0; channel < 16; ++channel) registers.at(9 + 4 * channel) = 0x10;
  }

  Result<void> open() override { return answer(); }
  Result<void> write(std::span<const std::uint8_t> bytes) override {
    if (auto there = answer(); !there) return there;
    std::string text;
    for (const int byte : bytes) {
      std::array<char, 4> digits{};
      std::snprintf(digits.data(), digits.size(), "%02X ", static_cast<unsigned>(byte));
      text += digits.data();
    }
    log.push_back(text.substr(0, text.size() - 1));
    for (std::size_t at = 1; at < bytes.size(); ++at) store(bytes[0] + at - 1, bytes[at]);
    return {};
  }
  Result<std::uint8_t> read(std::uint8_t number) override {
    if (auto there = answer(); !there) return tl::unexpected(there.error());
    return registers.at(number);
  }
  void pause(std::chrono::microseconds time) override {
    log.push_back("wait " + std::to_string(time.count()));
  }

  [[nodiscard]] std::vector<std::string> takeLog() { return std::exchange(log, {}); }

  std::array<std::uint8_t, 256> registers{};
  std::vector<std::string> log;
  int answersLeft = 1'000'000;

 private:
  Result<void> answer() {
    if (--answersLeft >= 0) return {};
    return fail(ErrorCode::kIo, "nobody answers");
  }
  void store(std::size_t number, std::uint8_t value) {
    const bool asleep = (registers.at(pca9685::kMode1) & pca9685::kSleep) != 0;
    if (number == pca9685::kPreScale && !asleep) return;  // blocked, section 7.3.5
    if (number == pca9685::kMode1) {
      const bool falls = !asleep && (value & pca9685::kSleep) != 0;
      const bool stays = (registers.at(number) & pca9685::kRestart) != 0 && (value & 0x80) == 0;
      value =
          static_cast<std::uint8_t>((value & 0x7F) | ((falls && othersRun) || stays ? 0x80 : 0));
    }
    registers.at(number) = value;
  }

 public:
  bool othersRun = false;  ///< outputs that aren't ours
};

Pca9685Uri uriAt(int frequency) {
  Pca9685Uri uri{.device = "/dev/i2c-1", .pwm = {}};
  uri.pwm.frequency = frequency;
  return uri;
}

TEST(Pca9685, HasThePrescalesOfTheDataSheet) {
  EXPECT_EQ(pca9685::preScale(50), 121);
  EXPECT_EQ(pca9685::preScale(60), 101);
  EXPECT_EQ(pca9685::preScale(200), 30) << "what it has after power-on, as the data sheet reckons";
  EXPECT_EQ(pca9685::preScale(1526), 3);
  EXPECT_EQ(pca9685::preScale(24), 253);
}

TEST(Pca9685, CountsPulsesInStepsOfItsOscillator) {
  EXPECT_EQ(pca9685::steps(1500, 121), 307);
  EXPECT_EQ(pca9685::steps(1500, 101), 368);
  EXPECT_EQ(pca9685::steps(0, 101), 0);
  EXPECT_EQ(pca9685::steps(1e9, 101), 4095);
}

TEST(Pca9685, IsPreparedByteByByteWithoutAPulseBeforeNeutral) {
  FakeBus bus;
  Pca9685 motors(uriAt(50), bus);
  ASSERT_TRUE(motors.prepare());
  EXPECT_THAT(bus.takeLog(), ElementsAre("09 10",  // no pulse on output 0, the motor's
                                         "0D 10",  // none on output 1, the steering's
                                         "00 30",  // MODE1: sleep, auto-increment
                                         "FE 79",  // PRE_SCALE: 121
                                         "01 04",  // MODE2: totem pole, change on STOP
                                         "00 20",  // MODE1: wake
                                         "wait 500",
                                         "06 00 00 33 01",    // motor: 307 of 4096, 1.5 ms
                                         "0A 00 00 33 01"));  // steering
  EXPECT_EQ(bus.registers.at(pca9685::kPreScale), 121);
}

TEST(Pca9685, IsLeftRunningIfItRunsAsItShould) {
  FakeBus bus;
  Pca9685 motors(uriAt(60), bus);
  ASSERT_TRUE(motors.prepare());
  (void)bus.takeLog();
  Pca9685 other(uriAt(60), bus);
  ASSERT_TRUE(other.prepare());
  EXPECT_THAT(bus.takeLog(), ElementsAre("06 00 00 70 01", "0A 00 00 70 01"))
      << "neutral at once, without a gap between pulses";
}

TEST(Pca9685, LetsOtherOutputsGoOn) {
  FakeBus bus;
  ASSERT_TRUE(Pca9685(uriAt(60), bus).prepare());
  (void)bus.takeLog();
  bus.othersRun = true;
  ASSERT_TRUE(Pca9685(uriAt(50), bus).prepare());
  EXPECT_THAT(bus.takeLog(), ElementsAre("09 10", "0D 10", "00 30", "FE 79", "01 04", "00 20",
                                         "wait 500", "00 A0",  // MODE1: restart
                                         "06 00 00 33 01", "0A 00 00 33 01"));
}

TEST(Pca9685, DrivesTheMotorBeforeTheSteering) {
  FakeBus bus;
  Pca9685Uri uri = uriAt(60);
  uri.pwm.steering = {.channel = 15, .pulses = {.min = 1200, .centre = 1500, .max = 1900}};
  Pca9685 motors(uri, bus);
  ASSERT_TRUE(motors.write({1, 0.5, false, ""}));
  EXPECT_THAT(bus.takeLog(), ElementsAre("06 00 00 AD 01",    // 1750 µs: 429
                                         "42 00 00 D2 01"));  // 1900 µs: 466
}

TEST(Pca9685, StopsTheMotorFirstThenStraightensTheSteeringThenReleases) {
  FakeBus bus;
  Pca9685 motors(uriAt(60), bus);
  ASSERT_TRUE(motors.write({}));
  ASSERT_TRUE(motors.release());
  EXPECT_THAT(bus.takeLog(), ElementsAre("06 00 00 70 01", "0A 00 00 70 01", "09 10", "0D 10"));
}

TEST(Pca9685, TriesTheSteeringWhenTheMotorFails) {
  class HalfDead final : public RegisterBus {
   public:
    Result<void> open() override { return {}; }
    Result<void> write(std::span<const std::uint8_t> bytes) override {
      tried.push_back(bytes[0]);
      if (bytes[0] < 0x0A) return fail(ErrorCode::kIo, "the motor's output");
      return {};
    }
    Result<std::uint8_t> read(std::uint8_t /*number*/) override { return 0; }
    void pause(std::chrono::microseconds /*time*/) override {}
    std::vector<int> tried;
  } bus;
  Pca9685 motors(uriAt(60), bus);
  EXPECT_EQ(motors.write({}).error().message, "the motor's output");
  EXPECT_EQ(motors.release().error().message, "the motor's output");
  EXPECT_THAT(bus.tried, ElementsAre(0x06, 0x0A, 0x09, 0x0D));
}

TEST(Pca9685, NoticesThatItsPowerWasAway) {
  FakeBus bus;
  Pca9685 motors(uriAt(60), bus);
  ASSERT_TRUE(motors.prepare());
  EXPECT_TRUE(motors.check());
  bus.registers.at(pca9685::kMode1) = 0x11;
  EXPECT_THAT(motors.check().error().message, HasSubstr("/dev/i2c-1 has lost its settings"));
}

TEST(Pca9685, RefusesAClockThatIsNotItsOwn) {
  FakeBus bus;
  bus.registers.at(pca9685::kMode1) |= pca9685::kExternalClock;
  EXPECT_THAT(Pca9685(uriAt(60), bus).prepare().error().message, HasSubstr("external clock"));
  EXPECT_TRUE(bus.log.empty());
}

TEST(Pca9685, FailsWhereverNobodyAnswersAndGivesNoPulseButNeutral) {
  for (int answers = 0; answers < 14; ++answers) {
    FakeBus bus;
    bus.answersLeft = answers;
    Pca9685 motors(uriAt(50), bus);
    const bool prepared = motors.prepare().has_value();
    EXPECT_EQ(prepared, answers >= 12) << answers;
    for (const auto& line : bus.log) {
      if (line.size() > 5 && line.front() == '0') {
        EXPECT_THAT(line, HasSubstr("00 00 33 01"));
      }
    }
  }
}

}  // namespace
}  // namespace rtcpub::car
