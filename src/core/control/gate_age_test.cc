// How old a command may be, by clocks that may be wrong.
#include <gtest/gtest.h>

#include "core/control/gate.h"
#include "core/control/gate_fixture.h"

namespace rtcpub::control {
namespace {

using namespace gate_test;

TEST(GateAge, DropsWhatIsOlderThanItsLifeAndAsMuchAsClocksMayBeWrong) {
  Robot robot;
  robot.drive(throttle(1));
  auto late = robot.arrival(throttle(0.5));
  late.command.boundUs = 4000;  // and 1 ms of the robot's own
  late.at += 155ms;
  robot.now = late.at;
  EXPECT_EQ(robot.gate.onCommand(late), Verdict::kAccepted);
  late = robot.arrival(throttle(0.5));
  late.command.boundUs = 4000;
  late.at += 155ms + 1us;
  EXPECT_EQ(robot.gate.onCommand(late), Verdict::kExpired);
}

TEST(GateAge, AllowsNoMoreForItsClocksThanTheLifeAgain) {
  Robot robot;
  auto late = robot.arrival({});
  late.command.boundUs = 10'000'000;
  late.at += 300ms;
  robot.now = late.at;
  EXPECT_EQ(robot.gate.onCommand(late), Verdict::kAccepted);
  late = robot.arrival({});
  late.command.boundUs = 10'000'000;
  late.at += 300ms + 1us;
  EXPECT_EQ(robot.gate.onCommand(late), Verdict::kExpired);
  auto early = robot.arrival({});
  early.command.boundUs = 10'000'000;
  early.command.givenUs += 150'001;
  EXPECT_EQ(robot.gate.onCommand(early), Verdict::kFuture);
}

TEST(GateAge, GivesACommandNoMoreLifeThanItAsksForNorThanTheRobotAllows) {
  Robot robot;
  robot.drive(throttle(1));
  auto brief = robot.arrival(throttle(0.5));
  brief.command.life = 30ms;
  brief.at += 32ms;
  EXPECT_EQ(robot.gate.onCommand(brief), Verdict::kExpired);
  auto greedy = robot.arrival(throttle(0.5));
  greedy.command.life = 1000ms;
  greedy.at += 152ms;
  EXPECT_EQ(robot.gate.onCommand(greedy), Verdict::kExpired);
}

TEST(GateAge, DropsWhatIsFromTheFuture) {
  Robot robot;
  robot.drive(throttle(1));
  auto early = robot.arrival(throttle(0.5));
  early.command.givenUs += 1001;
  EXPECT_EQ(robot.gate.onCommand(early), Verdict::kFuture);
  early = robot.arrival(throttle(0.5));
  early.command.givenUs += 1000;  // as far as the clock may be wrong
  EXPECT_EQ(robot.gate.onCommand(early), Verdict::kAccepted);
}

TEST(GateAge, TakesNothingWhoseAgeItCannotKnow) {
  Robot robot;
  robot.gate.onClock(std::nullopt);
  EXPECT_EQ(robot.command({}), Verdict::kNoClock);
  robot.compareClocks();
  EXPECT_EQ(robot.command({}), Verdict::kAccepted);
  robot.pass(60s + 1us);
  EXPECT_EQ(robot.command({}), Verdict::kNoClock);
}

}  // namespace
}  // namespace rtcpub::control
