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

const auto kNeutral = ElementsAre(std::string(kStop) + "!", std::string(kStraight) + "!");

std::string saidBy(std::uint64_t member, const std::string& text) {
  return std::to_string(member) + ": " + text;
}

/// An old robot reads it; it is longer than what is read here.
std::string padded(int value) {
  return R"({"motion":{"key":"forward","value":)" + std::to_string(value) + R"(},"pad":")" +
         std::string(300, 'x') + R"("})";
}

class OldRobotTest : public ForwardingTest {
 protected:
  void SetUp() override { forwarding_.onOtherRobot(RobotKind::kOld, now_); }

  /// 50 commands a second.
  void command(const Axes& axes, Time::duration time) {
    for (const Time end = now_ + time; now_ < end; pass(20ms)) {
      say(7, ForwardingTest::command(3, axes));
    }
  }
};

TEST_F(OldRobotTest, IsToldInItsOwnWordsWhatANewDriverCommands) {
  drive(7, 3);
  command({}, 20ms);
  command({{kThrottle, 0.5}, {kSteering, -0.3}}, 100ms);
  EXPECT_THAT(output_.take(), ElementsAre(kForward, kLeft));
  command({{kThrottle, 0.5}}, 100ms);
  EXPECT_THAT(output_.take(), ElementsAre(R"({"motion":{"key":"right","value":0}}!)"));
  EXPECT_THAT(output_.commands, IsEmpty());
}

TEST_F(OldRobotTest, IsToldTwiceASecondWhatHolds) {
  drive(7, 3);
  command({}, 20ms);
  command({{kThrottle, 0.5}}, 1900ms);
  EXPECT_THAT(output_.take(), ElementsAre(kForward, kForward, kForward, kForward));
}

TEST_F(OldRobotTest, StopsWhenItsDriverIsSilentAndWantsNeutralFirst) {
  drive(7, 3);
  command({}, 20ms);
  command({{kThrottle, 0.5}}, 20ms);
  (void)output_.take();
  pass(179ms);
  EXPECT_THAT(output_.take(), IsEmpty());
  pass(1ms);
  EXPECT_THAT(output_.take(), ElementsAre(std::string(kStop) + "!"));
  command({{kThrottle, 0.5}}, 500ms);
  EXPECT_THAT(output_.take(), IsEmpty()) << "nothing resumes by itself";
  command({}, 20ms);
  command({{kThrottle, 0.5}}, 20ms);
  EXPECT_THAT(output_.take(), ElementsAre(kForward));
}

TEST_F(OldRobotTest, IsToldNothingThatIsOld) {
  drive(7, 3);
  command({}, 20ms);
  auto late = ForwardingTest::command(3, {{kThrottle, 0.5}});
  late.givenUs -= 151'000;
  say(7, late);
  EXPECT_THAT(output_.take(), IsEmpty());
}

TEST_F(OldRobotTest, IsStoppedWhenItsDriverVanishesOrDrivesNoMore) {
  drive(7, 1, true);
  EXPECT_EQ(motion(7, kForward), Fate::kTaken);
  EXPECT_THAT(output_.take(), ElementsAre(saidBy(7, kForward))) << "as it came";
  forwarding_.onGone(7, now_);
  EXPECT_THAT(output_.take(), kNeutral);
  EXPECT_EQ(output_.retracted, 1) << "nothing of its comes after that";
  EXPECT_EQ(motion(7, kForward), Fate::kTaken) << "it has to be asked for anew";
  (void)output_.take();
  drive(8, 2);
  (void)output_.take();
  driveNobody();
  EXPECT_THAT(output_.take(), kNeutral);
  drive(8, 3);
  EXPECT_THAT(output_.take(), IsEmpty());
  drive(7, 4);
  EXPECT_THAT(output_.take(), kNeutral) << "each change passes through neutral";
}

TEST_F(OldRobotTest, KeepsAnOldDriverThatDrivesStraightOn) {
  drive(7, 1, true);
  (void)motion(7, kForward);
  (void)output_.take();
  pass(60s);
  EXPECT_THAT(output_.take(), IsEmpty());
  (void)motion(7, kStop);
  pass(2s);
  EXPECT_THAT(output_.take(), ElementsAre(saidBy(7, kStop) + "!", "1 is silent"));
}

TEST_F(OldRobotTest, IsKeptStillByAnEmergencyStop) {
  drive(7, 1, true);
  (void)motion(7, kForward);
  (void)output_.take();
  forwarding_.onEmergency(true, now_);
  EXPECT_EQ(output_.retracted, 1) << "what moves and waits";
  EXPECT_THAT(output_.take(), kNeutral);
  (void)motion(7, kForward);
  EXPECT_THAT(output_.take(), IsEmpty());
  EXPECT_EQ(counters().emergency, 1U);
  forwarding_.onEmergency(false, now_);
  (void)motion(7, kLeft);
  EXPECT_THAT(output_.take(), IsEmpty()) << "it hasn't let go yet";
  (void)motion(7, kStraight);
  (void)motion(7, kStop);
  (void)motion(7, kForward);
  EXPECT_THAT(output_.take(),
              ElementsAre(saidBy(7, kStraight) + "!", saidBy(7, kStop) + "!", saidBy(7, kForward)));
}

TEST_F(OldRobotTest, MovesByNothingUnreadBeforeItsDriverHasLetGo) {
  drive(7, 1, true);
  forwarding_.onEmergency(true, now_);
  forwarding_.onEmergency(false, now_);
  (void)output_.take();
  for (const auto& text : {padded(8), padded(0)}) {
    (void)motion(7, text);
    EXPECT_THAT(output_.take(), IsEmpty()) << "nobody here knows what it says";
  }
  (void)motion(7, kStop);
  (void)motion(7, padded(8));
  EXPECT_THAT(output_.take(), ElementsAre(saidBy(7, kStop) + "!", saidBy(7, padded(8))));
}

TEST_F(OldRobotTest, WantsNeutralFirstOfWhoeverDrivesAfterAnEmergencyStop) {
  drive(7, 1, true);
  forwarding_.onEmergency(true, now_);
  forwarding_.onEmergency(false, now_);
  drive(8, 2, true);
  (void)output_.take();
  (void)motion(8, kForward);
  EXPECT_THAT(output_.take(), IsEmpty());
  (void)motion(8, kStop);
  (void)motion(8, kForward);
  EXPECT_THAT(output_.take(), ElementsAre(saidBy(8, kStop) + "!", saidBy(8, kForward)));
}

TEST_F(OldRobotTest, StopsAgainHoweverOftenItWasStopped) {
  drive(7, 3);
  for (int i = 0; i < 3; ++i) {
    command({}, 20ms);
    command({{kThrottle, 0.5}}, 20ms);
    EXPECT_THAT(output_.take(), ElementsAre(kForward));
    forwarding_.onEmergency(true, now_);
    (void)output_.take();
    command({}, 20ms);
    command({{kThrottle, 0.5}}, 20ms);
    EXPECT_THAT(output_.take(), IsEmpty());
    forwarding_.onEmergency(false, now_);
  }
}

TEST_F(OldRobotTest, StopsByStopsThatWereAlreadySaidWhereOthersCouldntBeRead) {
  drive(7, 1, true);
  (void)motion(7, padded(8));
  for (int i = 0; i < 1000; ++i) (void)motion(7, kForward);
  (void)output_.take();
  (void)motion(7, kStraight);
  EXPECT_THAT(output_.take(), ElementsAre(saidBy(7, kStraight) + "!"));
}

TEST_F(OldRobotTest, IsKeptStillByAnEmergencyStopWhoeverDrives) {
  drive(7, 3);
  command({}, 20ms);
  command({{kThrottle, 0.5}}, 20ms);
  (void)output_.take();
  forwarding_.onEmergency(true, now_);
  (void)output_.take();
  command({}, 20ms);
  command({{kThrottle, 0.5}}, 100ms);
  EXPECT_THAT(output_.take(), IsEmpty());
  forwarding_.onEmergency(false, now_);
  command({{kThrottle, 0.5}}, 100ms);
  EXPECT_THAT(output_.take(), IsEmpty());
  command({}, 20ms);
  command({{kThrottle, 0.5}}, 20ms);
  EXPECT_THAT(output_.take(), ElementsAre(kForward));
}

TEST_F(OldRobotTest, StaysStillWhenAnotherOneComesDuringAnEmergencyStop) {
  forwarding_.onEmergency(true, now_);
  (void)output_.take();
  forwarding_.onOtherRobot(RobotKind::kOld, now_);
  EXPECT_THAT(output_.take(), kNeutral);
  drive(7, 1, true);
  (void)motion(7, kForward);
  EXPECT_THAT(output_.take(), IsEmpty());
}

TEST_F(OldRobotTest, IsNoneAnyMoreOnceItReports) {
  forwarding_.onReport(format(GateReport{}), now_);
  EXPECT_EQ(forwarding_.robot(), RobotKind::kGated);
  EXPECT_EQ(output_.retracted, 1) << "what waits isn't for its gate";
}

// --- Robots of which it isn't known yet whether they have a gate

/// One that has just come.
class NewRobotTest : public ForwardingTest {
 protected:
  void SetUp() override { forwarding_.onOtherRobot(RobotKind::kUnknown, now_); }
};

TEST_F(NewRobotTest, IsSentNothingThatMoves) {
  (void)motion(7, kForward);
  (void)motion(7, kStop);
  EXPECT_THAT(output_.take(), ElementsAre("may 7?"));
  drive(7, 1, true);
  (void)motion(7, kForward);
  (void)motion(7, padded(8));
  drive(8, 2);
  say(8, command(2));
  say(8, command(2, {{kThrottle, 0.5}}));
  pass(1s);
  forwarding_.onEmergency(true, now_);
  EXPECT_THAT(output_.take(), IsEmpty());
  EXPECT_THAT(output_.commands, IsEmpty());
  EXPECT_EQ(counters().noRobot, 6U);
  EXPECT_EQ(counters().forwarded, 0U);
}

TEST_F(NewRobotTest, IsDrivenByWhoBeganEarlyAsSoonAsItIsKnownToBeOldAfterNeutral) {
  (void)motion(7, kForward);
  drive(7, 1, true);
  (void)motion(7, kForward);
  (void)output_.take();
  forwarding_.onNoGate();
  (void)motion(7, kForward);
  (void)motion(7, kStraight);
  EXPECT_THAT(output_.take(), ElementsAre(saidBy(7, kStraight) + "!")) << "it holds forward";
  (void)motion(7, kStop);
  (void)motion(7, kForward);
  EXPECT_THAT(output_.take(), ElementsAre(saidBy(7, kStop) + "!", saidBy(7, kForward)));
}

TEST_F(NewRobotTest, IsDrivenAtOnceByWhoHasLetGoBeforeItIsKnown) {
  (void)motion(7, kForward);
  drive(7, 1, true);
  (void)motion(7, kStop);
  (void)output_.take();
  forwarding_.onNoGate();
  (void)motion(7, kForward);
  EXPECT_THAT(output_.take(), ElementsAre(saidBy(7, kForward)));
}

TEST_F(NewRobotTest, IsSentCommandsOnceItIsKnownToHaveAGate) {
  drive(7, 1, true);
  (void)motion(7, kForward);
  forwarding_.onGate();
  (void)motion(7, kLeft);
  ASSERT_THAT(output_.commands, SizeIs(1));
  EXPECT_EQ(output_.commands[0].axes, (Axes{{kThrottle, 0.5}, {kSteering, -0.3}}));
  forwarding_.onNoGate();
  EXPECT_EQ(forwarding_.robot(), RobotKind::kGated) << "it has opened its channel in time";
  EXPECT_THAT(output_.take(), IsEmpty());
}

TEST_F(NewRobotTest, IsStoppedWhenItTurnsOutToBeOldDuringAnEmergencyStop) {
  forwarding_.onEmergency(true, now_);
  forwarding_.onNoGate();
  EXPECT_THAT(output_.take(), kNeutral);
}

TEST_F(NewRobotTest, IsStoppedWhenOneMayHaveGoneThatMoved) {
  forwarding_.onNoGate();
  EXPECT_THAT(output_.take(), IsEmpty()) << "nobody has driven here";
  drive(7, 1, true);
  (void)motion(7, kForward);
  forwarding_.onRobot(RobotKind::kNone, now_);
  driveNobody();
  (void)output_.take();
  forwarding_.onOtherRobot(RobotKind::kUnknown, now_);
  EXPECT_THAT(output_.take(), kNeutral) << "it may be the same one, and moves until it is told";
  forwarding_.onOtherRobot(RobotKind::kGated, now_);
  EXPECT_THAT(output_.take(), IsEmpty());
}

TEST_F(NewRobotTest, WantsNeutralFirstOfADriverThatDroveItBeforeItsPathWent) {
  forwarding_.onNoGate();
  drive(7, 1, true);
  (void)motion(7, kForward);
  forwarding_.onRobot(RobotKind::kOld, now_);
  (void)output_.take();
  (void)motion(7, kForward);
  EXPECT_THAT(output_.take(), IsEmpty());
  (void)motion(7, kStop);
  (void)motion(7, kForward);
  EXPECT_THAT(output_.take(), ElementsAre(saidBy(7, kStop) + "!", saidBy(7, kForward)));
}

}  // namespace
}  // namespace rtcpub::control
