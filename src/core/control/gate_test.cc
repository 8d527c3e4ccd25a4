#include "core/control/gate.h"

#include <gtest/gtest.h>

#include "core/control/gate_fixture.h"

namespace rtcpub::control {
namespace {

using namespace gate_test;
using Texts = std::vector<std::string>;

TEST(Gate, IsNeutralUntilSomebodyDrives) {
  Gate gate{ControlOptions{}};
  EXPECT_EQ(gate.output(Time{1s}), ControlOutput{});
  EXPECT_EQ(gate.deadline(), std::nullopt);
}

TEST(Gate, LetsPassWhatIsGivenAfterNeutral) {
  Robot robot;
  EXPECT_EQ(robot.command(throttle(0.5)), Verdict::kNotNeutral);
  EXPECT_TRUE(robot.output().neutral);
  EXPECT_EQ(robot.command({}), Verdict::kAccepted);
  EXPECT_TRUE(robot.output().neutral);
  EXPECT_EQ(robot.output().reason, StopReason::kNone);
  EXPECT_EQ(robot.command({{kThrottle, 0.5}, {kSteering, -0.25}}), Verdict::kAccepted);
  EXPECT_EQ(robot.output(), (ControlOutput{.axes = {{kSteering, -0.25}, {kThrottle, 0.5}},
                                           .neutral = false,
                                           .reason = StopReason::kNone,
                                           .until = robot.now + 200ms}));
  EXPECT_EQ(robot.events(), (Texts{"driver Kim", "stopped new-driver", "driven"}));
}

TEST(Gate, DropsWhatWasOvertakenAndWhatComesTwice) {
  Robot robot;
  robot.drive(throttle(1));
  const auto overtaken = robot.arrival(throttle(0.9));
  auto newer = robot.arrival(throttle(0.1));
  EXPECT_EQ(robot.gate.onCommand(newer), Verdict::kAccepted);
  EXPECT_EQ(robot.gate.onCommand(overtaken), Verdict::kOutOfOrder);
  EXPECT_EQ(robot.gate.onCommand(newer), Verdict::kOutOfOrder);
  EXPECT_EQ(robot.speed(), 0.1);
}

TEST(Gate, DropsWhatIsGivenByAnotherLease) {
  Robot robot;
  robot.gate.onLease(2, Driver{.id = 6, .name = "Bo"}, robot.now);
  EXPECT_EQ(robot.command({}), Verdict::kOtherLease);
  auto unleased = robot.arrival({});
  unleased.command.lease = 0;
  EXPECT_EQ(robot.gate.onCommand(unleased), Verdict::kOtherLease);
}

TEST(Gate, TakesUpNoLeaseThatHasEnded) {
  Robot robot;
  robot.drive(throttle(1));
  robot.gate.onLease(0, std::nullopt, robot.now);
  EXPECT_EQ(robot.command({}), Verdict::kOtherLease);
  EXPECT_EQ(robot.command(throttle(1)), Verdict::kOtherLease);
  EXPECT_EQ(robot.gate.report().lease, 0U);
  auto quick = robot.arrival({});  // quicker than the server's word
  quick.command.lease = 2;
  EXPECT_EQ(robot.gate.onCommand(quick), Verdict::kAccepted);
  robot.gate.onLease(0, std::nullopt, robot.now);  // that the one before has ended
  robot.gate.onLease(2, Driver{.id = 6, .name = "Bo"}, robot.now);
  EXPECT_EQ(robot.gate.onCommand(quick), Verdict::kOutOfOrder);
}

TEST(Gate, WarnsThenStopsWhenNoCommandComes) {
  Robot robot;
  robot.drive(throttle(0.5));
  (void)robot.events();
  robot.pass(100ms - 1us);
  EXPECT_FALSE(robot.output().slowDown);
  robot.pass(1us);
  EXPECT_TRUE(robot.output().slowDown);
  robot.pass(100ms - 1us);
  EXPECT_EQ(robot.speed(), 0.5);
  robot.pass(1us);
  EXPECT_EQ(robot.output(), ControlOutput{.reason = StopReason::kSilence});
  EXPECT_EQ(robot.events(), (Texts{"warned", "stopped silence: no command came"}));
  EXPECT_EQ(robot.gate.report().stops, 1U);
}

TEST(Gate, IsNeutralInTimeEvenWhenNobodyCallsOnTime) {
  Robot robot;
  robot.drive(throttle(0.5));
  EXPECT_TRUE(robot.gate.output(robot.now + 200ms).neutral);
  EXPECT_EQ(robot.gate.output(robot.now + 200ms).reason, StopReason::kSilence);
}

TEST(Gate, SaysWhichVerdictTheCommandsMetThatCouldNotPreventAStop) {
  Robot robot;
  robot.drive(throttle(0.5));
  (void)robot.events();
  for (int i = 0; i < 10; ++i) {
    robot.pass(20ms);
    auto old = robot.arrival(throttle(0.5));
    old.command.givenUs -= 3'600'000'000;  // the driver's clock was set
    (void)robot.gate.onCommand(old);
  }
  EXPECT_EQ(robot.events(),
            (Texts{"warned", "stopped silence: the commands that came were expired"}));
}

TEST(Gate, GoesOnWhenACommandComesBeforeTheStop) {
  Robot robot;
  robot.drive(throttle(0.5));
  robot.pass(150ms);
  EXPECT_EQ(robot.command(throttle(0.4)), Verdict::kAccepted);
  EXPECT_FALSE(robot.output().slowDown);
  EXPECT_EQ(robot.speed(), 0.4);
}

TEST(Gate, ResumesNothingAfterAStop) {
  Robot robot;
  robot.drive(throttle(0.5));
  robot.pass(1s);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(robot.command(throttle(0.5)), Verdict::kNotNeutral);
    EXPECT_TRUE(robot.output().neutral);
    robot.pass(20ms);
  }
  EXPECT_EQ(robot.command({}), Verdict::kAccepted);
  EXPECT_EQ(robot.command(throttle(0.5)), Verdict::kAccepted);
  EXPECT_EQ(robot.speed(), 0.5);
}

TEST(Gate, PassesThroughNeutralWhenAnotherOneDrives) {
  Robot robot;
  robot.drive(throttle(0.5));
  (void)robot.events();
  robot.gate.onLease(2, Driver{.id = 6, .name = "Bo"}, robot.now);
  EXPECT_TRUE(robot.output().neutral);
  auto next = robot.arrival(throttle(0.5));
  next.command.lease = 2;
  EXPECT_EQ(robot.gate.onCommand(next), Verdict::kNotNeutral);
  EXPECT_EQ(robot.events(), (Texts{"driver Bo", "stopped new-driver"}));
}

TEST(Gate, KnowsANewDriverByItsCommandsBeforeTheServerNamesIt) {
  Robot robot;
  robot.drive(throttle(0.5));
  auto next = robot.arrival({});
  next.command.lease = 2;
  next.command.sequence = 1;
  EXPECT_EQ(robot.gate.onCommand(next), Verdict::kAccepted);
  EXPECT_EQ(robot.command(throttle(0.5)), Verdict::kOtherLease);     // of the one before
  robot.gate.onLease(1, Driver{.id = 5, .name = "Kim"}, robot.now);  // overtaken
  robot.gate.onLease(2, Driver{.id = 6, .name = "Bo"}, robot.now);
  EXPECT_EQ(robot.gate.stats(robot.now).driver, (Driver{.id = 6, .name = "Bo"}));
  EXPECT_EQ(robot.gate.stats(robot.now).state, GateState::kDriven);
}

TEST(Gate, StopsWhenNobodyDrivesAnyMore) {
  Robot robot;
  robot.drive(throttle(0.5));
  (void)robot.events();
  robot.gate.onLease(0, std::nullopt, robot.now);
  EXPECT_EQ(robot.output(), ControlOutput{});
  EXPECT_EQ(robot.events(), (Texts{"driver nobody", "idle nobody"}));
}

TEST(Gate, ForgetsTheDriverWithTheConnection) {
  Robot robot;
  robot.drive(throttle(0.5));
  robot.gate.onNewConnection(robot.now);
  EXPECT_EQ(robot.output(), ControlOutput{});
  robot.compareClocks();
  robot.gate.onLease(1, Driver{.id = 3, .name = "Al"}, robot.now);  // of a server that began anew
  robot.sequence = 0;
  EXPECT_EQ(robot.command(throttle(0.5)), Verdict::kNotNeutral);
  EXPECT_EQ(robot.command({}), Verdict::kAccepted);
}

TEST(Gate, StopsWhoeverDrivesBlind) {
  Robot robot;
  robot.drive(throttle(0.5));
  (void)robot.events();
  auto blind = robot.arrival(throttle(0.5));
  blind.captured = robot.now - 600ms - 1us;
  EXPECT_EQ(robot.gate.onCommand(blind), Verdict::kBlind);
  EXPECT_TRUE(robot.output().neutral);
  EXPECT_EQ(robot.events(), (Texts{"stopped blind"}));
  EXPECT_EQ(robot.command(throttle(0.5)), Verdict::kNotNeutral);
}

TEST(Gate, TakesNoNeutralForAStartFromWhoSeesNoPicture) {
  Robot robot;
  auto blind = robot.arrival({});
  blind.captured.reset();
  EXPECT_EQ(robot.gate.onCommand(blind), Verdict::kBlind);
  EXPECT_EQ(robot.output().reason, StopReason::kBlind);
  EXPECT_EQ(robot.command(throttle(0.5)), Verdict::kNotNeutral);
}

TEST(Gate, LetsTheBlindDriveWhereTheRobotAllowsIt) {
  Robot robot({.allowBlind = true});
  auto blind = robot.arrival({});
  blind.captured.reset();
  EXPECT_EQ(robot.gate.onCommand(blind), Verdict::kAccepted);
  auto late = robot.arrival(throttle(1));
  late.captured = robot.now - 2s;
  EXPECT_EQ(robot.gate.onCommand(late), Verdict::kAccepted);
  EXPECT_DOUBLE_EQ(robot.speed(), 0.1);  // and slowly
}

TEST(Gate, CapsTheAxesThatMakeFastByTheLoopDelay) {
  Robot robot;
  robot.drive(throttle(1));
  (void)robot.events();
  auto late = robot.arrival({{kThrottle, -1}, {kSteering, 1}});
  late.captured = robot.now - 250ms;
  EXPECT_EQ(robot.gate.onCommand(late), Verdict::kAccepted);
  EXPECT_EQ(robot.output().axes, (Axes{{kSteering, 1}, {kThrottle, -0.8}}));
  EXPECT_EQ(robot.events(), (Texts{"cap 0.80"}));
  EXPECT_EQ(robot.command(throttle(0.5)), Verdict::kAccepted);
  EXPECT_EQ(robot.events(), (Texts{"cap 1.00"}));
}

TEST(Gate, HoldsTheEmergencyStopUntilItIsCleared) {
  Robot robot;
  robot.drive(throttle(0.5));
  (void)robot.events();
  robot.gate.onEmergency(3, "Bo: 아이", robot.now);
  EXPECT_EQ(robot.output(), ControlOutput{.reason = StopReason::kEmergency});
  EXPECT_EQ(robot.command({}), Verdict::kEmergency);
  robot.gate.onLease(2, Driver{.id = 6, .name = "Bo"}, robot.now);
  robot.pass(10s);
  EXPECT_EQ(robot.output().reason, StopReason::kEmergency);
  EXPECT_EQ(robot.gate.report().by, "Bo: 아이");
  robot.gate.onClear(2, robot.now);  // an older one's
  EXPECT_EQ(robot.output().reason, StopReason::kEmergency);
  robot.gate.onClear(3, robot.now);
  EXPECT_EQ(robot.output().reason, StopReason::kNewDriver);
  EXPECT_EQ(robot.events(),
            (Texts{"emergency emergency: Bo: 아이", "driver Bo", "stopped new-driver"}));
}

TEST(Gate, TakesEachEmergencyStopOnce) {
  Robot robot;
  robot.gate.onEmergency(3, "Bo", robot.now);
  robot.gate.onClear(3, robot.now);
  robot.gate.onEmergency(3, "Bo", robot.now);  // repeated, and late
  EXPECT_EQ(robot.output().reason, StopReason::kNewDriver);
  robot.gate.stop("the bumper", robot.now);
  EXPECT_EQ(robot.gate.report().emergency, 4U);
  EXPECT_EQ(robot.gate.report().state, GateState::kEmergency);
}

TEST(Gate, IsNeutralWhileTheRobotIsNotReady) {
  Robot robot;
  robot.drive(throttle(0.5));
  (void)robot.events();
  robot.gate.setReady(false, "the motors do not answer", robot.now);
  EXPECT_EQ(robot.output(), ControlOutput{.reason = StopReason::kNotReady});
  EXPECT_EQ(robot.command({}), Verdict::kNotReady);
  EXPECT_EQ(robot.gate.report().by, "the motors do not answer");
  robot.gate.setReady(true, {}, robot.now);
  EXPECT_EQ(robot.command(throttle(0.5)), Verdict::kNotNeutral);
  EXPECT_EQ(robot.events(),
            (Texts{"not ready: the motors do not answer",
                   "stopped not-ready: the motors do not answer", "ready", "stopped new-driver"}));
}

TEST(Gate, IsNotReadyAfterAnEmergencyStopThatWasClearedMeanwhile) {
  Robot robot;
  robot.gate.setReady(false, "no motors", robot.now);
  robot.gate.stop("me", robot.now);
  robot.gate.clear(robot.now);
  EXPECT_EQ(robot.output().reason, StopReason::kNotReady);
}

TEST(Gate, HoldsAnOldDriverToAllButItsPicture) {
  Robot robot;
  const auto old = [&robot](Axes axes) {
    auto arrival = robot.arrival(std::move(axes));
    arrival.command.old = true;
    arrival.captured.reset();
    return robot.gate.onCommand(arrival);
  };
  EXPECT_EQ(old(throttle(0.5)), Verdict::kNotNeutral);
  EXPECT_EQ(old({}), Verdict::kAccepted);
  EXPECT_EQ(old(throttle(0.5)), Verdict::kAccepted);
  robot.pass(200ms);
  EXPECT_EQ(robot.output().reason, StopReason::kSilence);
  EXPECT_EQ(old(throttle(0.5)), Verdict::kNotNeutral);
}

TEST(Gate, AsksNoOldDriverToRepeatThatItIsAtRest) {
  Robot robot;
  auto rest = robot.arrival({});
  rest.command.old = true;
  (void)robot.gate.onCommand(rest);
  robot.pass(1s);
  auto go = robot.arrival(throttle(0.5));
  go.command.old = true;
  EXPECT_EQ(robot.gate.onCommand(go), Verdict::kAccepted);
}

TEST(Gate, GuardsOldProgramsBehindAServerThatKnowsOfNoLeases) {
  Gate gate{ControlOptions{}};
  Time now{10s};
  EXPECT_EQ(gate.onMotion({kThrottle, 0.5}, now), Verdict::kNotNeutral);
  EXPECT_EQ(gate.onMotion({kThrottle, 0}, now), Verdict::kAccepted);
  EXPECT_EQ(gate.onMotion({kThrottle, 0.5}, now), Verdict::kAccepted);
  EXPECT_EQ(gate.onMotion({kSteering, -1}, now + 150ms), Verdict::kAccepted);
  EXPECT_EQ(gate.output(now + 300ms).axes, (Axes{{kSteering, -1}, {kThrottle, 0.5}}));
  EXPECT_EQ(gate.output(now + 350ms).reason, StopReason::kSilence);
  gate.onTime(now + 2s + 150ms);
  EXPECT_EQ(gate.output(now + 2s + 150ms), ControlOutput{});
  gate.onLease(1, Driver{.id = 5}, now + 3s);
  EXPECT_EQ(gate.onMotion({kThrottle, 0}, now + 3s), Verdict::kOtherLease);
}

TEST(Gate, TellsWhatItHasRefusedInThisLease) {
  Robot robot;
  (void)robot.command(throttle(1));
  robot.gate.onRefused(Verdict::kMalformed, robot.now);
  (void)robot.command({});
  EXPECT_EQ(robot.gate.report().verdicts,
            (std::map<std::string, std::uint64_t>{
                {"accepted", 1}, {"malformed", 1}, {"not-neutral", 1}}));
  robot.gate.onLease(2, Driver{.id = 6}, robot.now);
  EXPECT_TRUE(robot.gate.report().verdicts.empty());
  EXPECT_EQ(robot.gate.stats(robot.now).verdicts.at(Verdict::kNotNeutral), 1U);
}

TEST(Gate, TellsTheLoopDelay) {
  Robot robot;
  robot.drive(throttle(1));
  EXPECT_EQ(robot.gate.report().delayMs, 50);
  EXPECT_EQ(robot.gate.stats(robot.now).delayP99Ms, 50);
  robot.pass(11s);
  EXPECT_EQ(robot.gate.stats(robot.now).delayP99Ms, std::nullopt);
}

TEST(Gate, RefusesOptionsThatPromiseNothing) {
  EXPECT_TRUE(checkOptions({}));
  EXPECT_FALSE(checkOptions({.life = 19ms}));
  EXPECT_FALSE(checkOptions({.life = 1001ms}));
  EXPECT_FALSE(checkOptions({.warn = 201ms}));
  EXPECT_FALSE(checkOptions({.stop = 2001ms}));
  EXPECT_FALSE(checkOptions({.blind = 99ms}));
  EXPECT_FALSE(checkOptions({.speedAxes = {"no axis"}}));
  EXPECT_EQ(checkOptions({.warn = 10ms}).error().message,
            "control: warn is 10 ms: it takes 20 to 200 ms");
}

}  // namespace
}  // namespace rtcpub::control
