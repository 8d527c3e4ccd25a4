#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/control/forwarding_fixture.h"

namespace rtcpub::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace forwarding_test;

TEST_F(ForwardingTest, PassesOnWhatTheDriverCommands) {
  drive(7, 3);
  auto given = command(3, {{kThrottle, 0.5}});
  given.sawRtp = 42;
  say(7, given);
  ASSERT_THAT(output_.commands, SizeIs(1));
  EXPECT_EQ(output_.commands[0].axes, given.axes);
  EXPECT_EQ(output_.commands[0].sequence, 1U);
  EXPECT_EQ(output_.commands[0].sawRtp, std::nullopt);
  EXPECT_EQ(output_.commands[0].sawNtpUs, 7042) << "as this member's pictures are numbered";
  EXPECT_EQ(counters().forwarded, 1U);
}

TEST_F(ForwardingTest, PassesOnNobodyElsesCommands) {
  say(7, command(3));
  drive(7, 3);
  say(8, command(3));
  say(7, command(2));
  say(7, command(4));
  EXPECT_THAT(output_.commands, IsEmpty());
  EXPECT_EQ(counters().notDriver, 4U);
}

TEST_F(ForwardingTest, TakesNoDriversWordForWhatTheServerSays) {
  drive(7, 3);
  auto given = command(3);
  given.sawNtpUs = 1;
  given.old = true;
  say(7, given);
  ASSERT_THAT(output_.commands, SizeIs(1));
  EXPECT_EQ(output_.commands[0].sawNtpUs, std::nullopt);
  EXPECT_FALSE(output_.commands[0].old) << "nothing is held against those that are";
}

TEST_F(ForwardingTest, CountsWhatCantBeRead) {
  drive(7, 3);
  for (const char* text : {"", "close", "{}", R"({"command":{"lease":3}})", "\xff"}) {
    forwarding_.onCommand(7, text, now_);
  }
  EXPECT_EQ(counters().malformed, 5U);
  EXPECT_THAT(output_.commands, IsEmpty());
}

TEST_F(ForwardingTest, LetsNobodySendMoreThanAHundredAndTwentyASecond) {
  drive(7, 3);
  for (int i = 0; i < 10'000; ++i) {
    say(7, command(3));
    now_ += 100us;
  }
  EXPECT_LE(output_.commands.size(), 180U) << "sixty at once, and a hundred and twenty a second";
  EXPECT_GE(output_.commands.size(), 120U);
  EXPECT_EQ(counters().tooMany, 10'000 - output_.commands.size());
}

TEST_F(ForwardingTest, LetsNobodysFloodKeepTheDriverFromDriving) {
  drive(7, 3);
  for (int i = 0; i < 5000; ++i) say(8, command(3));
  say(7, command(3));
  EXPECT_THAT(output_.commands, SizeIs(1));
}

TEST_F(ForwardingTest, SaysWhenTheDriverIsSilent) {
  drive(7, 3);
  pass(1s);
  say(7, command(3));
  pass(1999ms);
  EXPECT_THAT(output_.take(), IsEmpty());
  pass(1ms);
  EXPECT_THAT(output_.take(), ElementsAre("3 is silent"));
  pass(10s);
  EXPECT_THAT(output_.take(), IsEmpty()) << "that has been said";
}

TEST_F(ForwardingTest, ForgetsTheDriverWithTheRobot) {
  drive(7, 3);
  forwarding_.onOtherRobot(RobotKind::kGated, now_);
  say(7, command(3));
  EXPECT_THAT(output_.commands, IsEmpty());
}

TEST_F(ForwardingTest, KeepsTheDriverOfARobotThatConnectsAnew) {
  drive(7, 3);
  forwarding_.onRobot(RobotKind::kNone, now_);
  say(7, command(3));
  EXPECT_EQ(counters().noRobot, 1U);
  forwarding_.onRobot(RobotKind::kGated, now_);
  say(7, command(3));
  EXPECT_THAT(output_.commands, SizeIs(1));
}

// --- Old viewers

TEST_F(ForwardingTest, LetsWhatAnOldProgramSaysFirstWaitForTheLease) {
  EXPECT_EQ(motion(7, kForward), Fate::kTaken);
  EXPECT_EQ(motion(7, kLeft), Fate::kTaken);
  EXPECT_THAT(output_.take(), ElementsAre("may 7?"));
  EXPECT_THAT(output_.commands, IsEmpty());
  drive(7, 1, true);
  ASSERT_THAT(output_.commands, SizeIs(2));
  EXPECT_EQ(output_.commands[0].axes, (Axes{{kThrottle, 0.5}}));
  EXPECT_EQ(output_.commands[1].axes, (Axes{{kThrottle, 0.5}, {kSteering, -0.3}}));
  EXPECT_EQ(output_.commands[1].sequence, 2U);
  EXPECT_TRUE(output_.commands[1].old);
  EXPECT_EQ(output_.commands[1].givenUs, now_.time_since_epoch().count());
}

TEST_F(ForwardingTest, DropsWhatWaitedForTooLong) {
  (void)motion(7, kForward);
  now_ += Forwarding::kMostWait + 1us;
  drive(7, 1, true);
  EXPECT_THAT(output_.commands, IsEmpty());
  EXPECT_EQ(counters().late, 1U);
}

TEST_F(ForwardingTest, KeepsNoMoreThanAFewMessagesWaiting) {
  for (int i = 0; i < 1000; ++i) (void)motion(7, kForward);
  drive(7, 1, true);
  EXPECT_THAT(output_.commands, SizeIs(Forwarding::kMostWaiting));
}

TEST_F(ForwardingTest, LosesNoStopBehindWhatWaits) {
  forwarding_.onOtherRobot(RobotKind::kOld, now_);
  for (int i = 0; i < 1000; ++i) (void)motion(7, kForward);
  (void)motion(7, kStop);
  (void)output_.take();
  drive(7, 1, true);
  ASSERT_THAT(output_.said, SizeIs(Forwarding::kMostWaiting));
  EXPECT_EQ(output_.said.back(), "7: " + std::string(kStop) + "!");
}

TEST_F(ForwardingTest, LetsNoOldProgramSayMoreThanAHundredAndTwentyASecond) {
  drive(7, 1, true);
  for (int i = 0; i < 10'000; ++i) {
    (void)motion(7, i % 2 == 0 ? kForward : kLeft);
    now_ += 100us;
  }
  EXPECT_LE(output_.commands.size(), 180U) << "sixty at once, and a hundred and twenty a second";
  EXPECT_GE(output_.commands.size(), 120U);
  EXPECT_EQ(counters().tooMany, 10'000 - output_.commands.size());
}

TEST_F(ForwardingTest, LetsEachStopOfAnOldProgramPassHoweverMuchItSays) {
  drive(7, 1, true);
  for (int i = 0; i < 1000; ++i) (void)motion(7, kForward);
  (void)motion(7, kStop);
  EXPECT_EQ(output_.commands.back().axes, Axes{});
  const auto before = output_.commands.size();
  for (int i = 0; i < 1000; ++i) (void)motion(7, kStop);
  EXPECT_EQ(output_.commands.size(), before) << "it stands already";
}

TEST_F(ForwardingTest, TellsAnOldProgramThatAnotherOneDrives) {
  (void)motion(7, kForward);
  (void)motion(8, kForward);
  EXPECT_THAT(output_.take(), ElementsAre("may 7?", "may 8?"));
  drive(7, 1, true);
  EXPECT_THAT(output_.take(), ElementsAre("8 refused: not-driver"));
  EXPECT_EQ(motion(8, kForward), Fate::kRefused);
  EXPECT_THAT(output_.commands, SizeIs(1));
}

TEST_F(ForwardingTest, TellsAnOldProgramWhyItDoesntDrive) {
  (void)motion(7, kForward);
  (void)output_.take();
  forwarding_.onRefused(7, Refusal::kNoRight);
  EXPECT_THAT(output_.take(), ElementsAre("7 refused: no-right"));
  drive(7, 1, true);
  EXPECT_THAT(output_.commands, IsEmpty()) << "nothing is left of it";
}

TEST(ForDrivers, AreMotionAndTheTopSpeedAsRobotsMayReadThem) {
  for (const char* text :
       {kForward, kSpeed, R"({"speed":{"key":"maxSpeed","value":NaN}})",
        R"({"sp\u0065ed":{"key":"maxSpeed","value":400}})",
        "\xef\xbb\xbf{\"speed\":{\"key\":\"maxSpeed\",\"value\":400},\"x\":NaN}"}) {
    EXPECT_TRUE(isForDrivers(text)) << text;
  }
  for (const char* text : {"", "hello", R"({"camera":"rear"})", R"({"ir":{"key":"x","value":1}})",
                           R"(["motion"])", R"("speed")", "motion", "speed"}) {
    EXPECT_FALSE(isForDrivers(text)) << text;
  }
}

TEST_F(ForwardingTest, LetsNobodyButTheDriverSetTheTopSpeed) {
  EXPECT_EQ(motion(8, kSpeed), Fate::kPass) << "nobody drives: it is for whoever may";
  drive(7, 3);
  EXPECT_EQ(motion(8, kSpeed), Fate::kRefused);
  EXPECT_EQ(counters().notDriver, 1U);
  EXPECT_EQ(motion(7, kSpeed), Fate::kPass);
  driveNobody();
  EXPECT_EQ(motion(8, kSpeed), Fate::kPass);
  EXPECT_THAT(output_.take(), IsEmpty()) << "nobody has to drive for it";
}

TEST_F(ForwardingTest, TakesForMotionWhateverAnOldRobotMight) {
  drive(7, 3);
  EXPECT_EQ(motion(8, R"({"motion":{"key":"forward","value":NaN}})"), Fate::kRefused);
}

TEST_F(ForwardingTest, MovesNothingByWhatLayInAServerThatStoodStill) {
  drive(7, 1, true);
  EXPECT_EQ(forwarding_.onStream(7, {.text = kForward, .arrived = now_ - 5s}, true, now_),
            Fate::kTaken);
  EXPECT_THAT(output_.commands, IsEmpty());
  EXPECT_EQ(counters().late, 1U);
  (void)forwarding_.onStream(7, {.text = kStop, .arrived = now_ - 5s}, true, now_);
  EXPECT_THAT(output_.commands, SizeIs(1)) << "a stop is never too late";
}

// --- Reports

TEST_F(ForwardingTest, PassesOnSixtyReportsASecondAndTheNewest) {
  GateReport report;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    report.sequence = i;
    forwarding_.onReport(format(report), now_);
    pass(1ms);
  }
  pass(200ms);
  EXPECT_LE(output_.reports.size(), 66U);
  EXPECT_GE(output_.reports.size(), 60U);
  EXPECT_EQ(output_.reports.back().sequence, 1000U);
}

TEST_F(ForwardingTest, PassesOnNoReportThatCantBeRead) {
  for (const std::string& text : {std::string("{}"), std::string(), std::string(5000, 'x')}) {
    forwarding_.onReport(text, now_);
  }
  EXPECT_THAT(output_.reports, IsEmpty());
}

}  // namespace
}  // namespace rtcpub::control
