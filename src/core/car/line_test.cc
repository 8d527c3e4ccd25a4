#include "core/car/line.h"

#include <gtest/gtest.h>

namespace rtcpub::car {
namespace {

Time at(std::int64_t us) { return Time(std::chrono::microseconds(us)); }

TEST(CarOrder, Drives) {
  EXPECT_EQ(parseOrder(R"({"axes":{"steering":-0.5,"throttle":1,"lights":1},"slow_down":true,)"
                       R"("until":9007199254740991,"new":{}})"),
            Order(Drive{-0.5, 1, true, at((std::int64_t{1} << 53) - 1)}));
  EXPECT_EQ(parseOrder(R"({"axes":{},"slow_down":false,"until":0})"),
            Order(Drive{0, 0, false, at(0)}));
}

TEST(CarOrder, IsNeutral) {
  EXPECT_EQ(parseOrder(R"({"neutral":true,"reason":"silence"})"), Order(Neutral{"silence"}));
  EXPECT_EQ(parseOrder(R"({"neutral":true})"), Order(Neutral{""}));
  EXPECT_EQ(parseOrder(R"({"neutral":true,"axes":{"throttle":1},"until":1})"), Order(Neutral{""}))
      << "where both are said, the safe one holds";
}

TEST(CarOrder, SetsTheTopSpeedAndTellsLaps) {
  EXPECT_EQ(parseOrder(R"({"max_speed":400})"), Order(MaxSpeed{400}));
  EXPECT_EQ(parseOrder(R"({"ir":{"key":"detectTime","value":1639.25}})"), Order(Lap{1639.25}));
  EXPECT_EQ(parseOrder(format(MaxSpeed{400})), Order(MaxSpeed{400}));
}

TEST(CarOrder, RefusesWhatIsNone) {
  for (const char* line : {"",
                           "{",
                           "null",
                           "[]",
                           "7",
                           "{}",
                           R"({"neutral":false})",
                           R"({"axes":[],"until":1})",
                           R"({"axes":{"throttle":1.0001},"until":1})",
                           R"({"axes":{"throttle":-2},"until":1})",
                           R"({"axes":{"throttle":1e999},"until":1})",
                           R"({"axes":{"throttle":"1"},"until":1})",
                           R"({"axes":{"throttle":null},"until":1})",
                           R"({"axes":{"throttle":NaN},"until":1})",
                           R"({"axes":{"throttle":1}})",
                           R"({"axes":{"throttle":1},"until":-1})",
                           R"({"axes":{"throttle":1},"until":1.5})",
                           R"({"axes":{"throttle":1},"until":"1"})",
                           R"({"axes":{"throttle":1},"until":9007199254740993})",
                           R"({"max_speed":-1})",
                           R"({"max_speed":4096})",
                           R"({"max_speed":"400"})",
                           R"({"ir":{"key":"x","value":1}})",
                           R"({"ir":{"key":"detectTime","value":"1"}})",
                           R"({"ir":7})"}) {
    EXPECT_FALSE(parseOrder(line)) << line;
  }
}

TEST(CarOrder, RefusesLongLines) {
  EXPECT_FALSE(parseOrder(R"({"neutral":true,"x":")" + std::string(4096, 'x') + "\"}"));
}

TEST(CarOrder, ReadsTheTopSpeedOfSpiderCar) {
  EXPECT_EQ(parseSpeedMessage(R"({"speed":{"key":"maxSpeed","value":400}})"), MaxSpeed{400});
  for (const char* text : {"", "hi", R"({"speed":400})", R"({"speed":{"key":"x","value":1}})",
                           R"({"speed":{"key":"maxSpeed"}})", R"({"motion":{"key":"left"}})",
                           R"({"speed":{"key":"maxSpeed","value":"400"}})"}) {
    EXPECT_FALSE(parseSpeedMessage(text)) << text;
  }
  EXPECT_EQ(parseSpeedMessage(R"({"speed":{"key":"maxSpeed","value":5000}})"), MaxSpeed{4095});
  EXPECT_EQ(parseSpeedMessage(R"({"speed":{"key":"maxSpeed","value":-1e99}})"), MaxSpeed{0});
}

TEST(CarReport, TellsWhatWasWritten) {
  const Written written{0.123449, -0.5, false, "", at(77)};
  EXPECT_EQ(format(written),
            R"({"car":{"steering":0.1234,"throttle":-0.5,"neutral":false,"reason":"","at":77}})");
  EXPECT_EQ(parseReport(format(written)), Report(Written{0.1234, -0.5, false, "", at(77)}));
}

TEST(CarReport, SaysWhyItIsNotReady) {
  EXPECT_EQ(format(Readiness{true, ""}), R"({"ready":true})");
  const Readiness readiness{false, "PCA9685 \"x\""};
  EXPECT_EQ(format(readiness), R"({"ready":false,"why":"PCA9685 \"x\""})");
  EXPECT_EQ(parseReport(format(readiness)), Report(readiness));
}

TEST(CarReport, CarriesMetrics) {
  EXPECT_EQ(confirmation({400}).message, R"({"speed":{"key":"maxSpeed","value":400}})");
  EXPECT_EQ(messageOf({1639.25}).message, R"({"ir":{"key":"detectTime","value":1639.25}})");
  EXPECT_EQ(format(messageOf({1639.25})),
            R"({"metric":{"ir":{"key":"detectTime","value":1639.25}}})");
  EXPECT_EQ(parseReport(format(messageOf({1639.25}))), Report(messageOf({1639.25})));
}

TEST(CarReport, RefusesWhatIsNone) {
  for (const char* line : {"", "{}", "[]", R"({"car":7})", R"({"car":{"steering":7,"at":1}})",
                           R"({"car":{"steering":0,"throttle":0}})"}) {
    EXPECT_FALSE(parseReport(line)) << line;
  }
}

TEST(CarReport, HasALineForProgramsOfOnesOwn) {
  EXPECT_EQ(commandLine(-0.00001, 1, false, "", std::chrono::milliseconds(180)),
            R"({"steering":0.0,"throttle":1.0,"neutral":false,"reason":"","hold_ms":180})");
  EXPECT_EQ(commandLine(0, 0, true, "silence", {}),
            R"({"steering":0.0,"throttle":0.0,"neutral":true,"reason":"silence","hold_ms":0})");
}

}  // namespace
}  // namespace rtcpub::car
