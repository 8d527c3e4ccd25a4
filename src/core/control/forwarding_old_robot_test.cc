#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/control/forwarding_fixture.h"

namespace rtcpub::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace forwarding_test;

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
  const auto neutral = ElementsAre(std::string(kStop) + "!", std::string(kStraight) + "!");
  drive(7, 1, true);
  EXPECT_EQ(motion(7, kForward), Fate::kPass) << "as it came";
  forwarding_.onGone(7, now_);
  EXPECT_THAT(output_.take(), neutral);
  EXPECT_EQ(motion(7, kForward), Fate::kTaken) << "it has to be asked for anew";
  (void)output_.take();
  drive(8, 2);
  (void)output_.take();
  driveNobody();
  EXPECT_THAT(output_.take(), neutral);
  drive(8, 3);
  EXPECT_THAT(output_.take(), IsEmpty());
  drive(7, 4);
  EXPECT_THAT(output_.take(), neutral) << "each change passes through neutral";
}

TEST_F(OldRobotTest, KeepsAnOldDriverThatDrivesStraightOn) {
  drive(7, 1, true);
  (void)motion(7, kForward);
  pass(60s);
  EXPECT_THAT(output_.take(), IsEmpty());
  (void)motion(7, kStop);
  pass(2s);
  EXPECT_THAT(output_.take(), ElementsAre("1 is silent"));
}

TEST_F(OldRobotTest, IsKeptStillByAnEmergencyStop) {
  drive(7, 1, true);
  (void)motion(7, kForward);
  forwarding_.onEmergency(true, 1, now_);
  EXPECT_THAT(output_.take(), ElementsAre(std::string(kStop) + "!", std::string(kStraight) + "!"));
  EXPECT_EQ(motion(7, kForward), Fate::kTaken);
  EXPECT_EQ(counters().emergency, 1U);
  forwarding_.onEmergency(false, 1, now_);
  EXPECT_EQ(motion(7, kLeft), Fate::kTaken) << "it hasn't let go yet";
  EXPECT_EQ(motion(7, kStraight), Fate::kPass);
  EXPECT_EQ(motion(7, kStop), Fate::kPass);
  EXPECT_EQ(motion(7, kForward), Fate::kPass);
}

TEST_F(OldRobotTest, IsKeptStillByAnEmergencyStopWhoeverDrives) {
  drive(7, 3);
  command({}, 20ms);
  command({{kThrottle, 0.5}}, 20ms);
  (void)output_.take();
  forwarding_.onEmergency(true, 1, now_);
  (void)output_.take();
  command({}, 20ms);
  command({{kThrottle, 0.5}}, 100ms);
  EXPECT_THAT(output_.take(), IsEmpty());
  forwarding_.onEmergency(false, 1, now_);
  command({{kThrottle, 0.5}}, 100ms);
  EXPECT_THAT(output_.take(), IsEmpty());
  command({}, 20ms);
  command({{kThrottle, 0.5}}, 20ms);
  EXPECT_THAT(output_.take(), ElementsAre(kForward));
}

TEST_F(OldRobotTest, StaysStillWhenAnotherOneComesDuringAnEmergencyStop) {
  forwarding_.onEmergency(true, 1, now_);
  (void)output_.take();
  forwarding_.onOtherRobot(RobotKind::kOld, now_);
  EXPECT_THAT(output_.take(), ElementsAre(std::string(kStop) + "!", std::string(kStraight) + "!"));
  drive(7, 1, true);
  EXPECT_EQ(motion(7, kForward), Fate::kTaken);
}

TEST_F(OldRobotTest, IsNoneAnyMoreOnceItReports) {
  forwarding_.onReport(format(GateReport{}), now_);
  EXPECT_EQ(forwarding_.robot(), RobotKind::kGated);
}

}  // namespace
}  // namespace rtcpub::control
