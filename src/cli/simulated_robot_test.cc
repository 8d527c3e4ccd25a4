#include "cli/simulated_robot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

constexpr Time kNow{seconds(1000)};

TEST(SimulatedRobot, SaysHowItMoves) {
  EXPECT_EQ(telemetryOf({.speed = 9.5, .steering = -0.125, .laps = 1}),
            R"({"car":{"kmh":34.2,"steering":-0.12,"lap":2}})");
}

TEST(SimulatedRobot, SaysALapAsSpiderCarsSensorDoes) {
  EXPECT_THAT(messagesOf({.number = 0, .at = Time(milliseconds(1'639'250))}),
              ElementsAre(R"({"ir":{"key":"detectTime","value":1639.250}})"));
  EXPECT_THAT(messagesOf({.number = 1, .at = kNow, .time = milliseconds(33'468)}),
              ElementsAre(R"({"ir":{"key":"detectTime","value":1000.000}})",
                          R"({"lap":{"key":"seconds","value":33.468}})"));
}

ControlEvent command(Verdict verdict) {
  return {.kind = ControlEvent::Kind::kCommand,
          .time = kNow - milliseconds(5),
          .verdict = verdict,
          .state = GateState::kDriven,
          .reason = StopReason::kNone,
          .driver = Driver{3, "Kim"},
          .age = milliseconds(20),
          .factor = 0.8};
}

TEST(ShownGate, SaysHowOldTheLastCommandIsThatWasAccepted) {
  ShownGate shown;
  EXPECT_FALSE(shown.onEvent(command(Verdict::kExpired), kNow).age);
  EXPECT_EQ(shown.onEvent(command(Verdict::kAccepted), kNow),
            (Instruments{.driver = "Kim",
                         .age = milliseconds(25),
                         .state = GateState::kDriven,
                         .reason = StopReason::kNone,
                         .factor = 0.8}));
  EXPECT_EQ(shown.onEvent(command(Verdict::kExpired), kNow + milliseconds(60)).age,
            milliseconds(85));
}

TEST(ShownGate, NamesADriverWithoutANameByNumber) {
  ShownGate shown;
  auto event = command(Verdict::kAccepted);
  event.driver->name.clear();
  EXPECT_EQ(shown.onEvent(event, kNow).driver, "driver 3");
}

TEST(ShownGate, ForgetsTheCommandsOfWhoeverDrivesNoMore) {
  ShownGate shown;
  (void)shown.onEvent(command(Verdict::kAccepted), kNow);
  auto event = command(Verdict::kAccepted);
  event.kind = ControlEvent::Kind::kDriver;
  EXPECT_FALSE(shown.onEvent(event, kNow).age);
  (void)shown.onEvent(command(Verdict::kAccepted), kNow);
  event.driver.reset();
  const auto idle = shown.onEvent(event, kNow);
  EXPECT_EQ(idle.driver, "");
  EXPECT_FALSE(idle.age);
}

}  // namespace
}  // namespace rtcpub::cli
