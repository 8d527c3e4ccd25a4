#include "cli/script_course.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Kind = ScriptStep::Kind;

const Axes kForward{{kThrottle, 0.3}};
const Axes kTurn{{kSteering, 0.5}, {kThrottle, 0.3}};

class ScriptCourseTest : public testing::Test {
 protected:
  void begin(Kind kind) { course.begin({.kind = kind}, ++line); }
  void drive(const Axes& axes, std::chrono::milliseconds length = 500ms) {
    course.begin({.kind = Kind::kDrive, .length = length, .axes = axes}, ++line);
  }
  ScriptCourse::Orders look() { return course.onTime(state, now); }
  ScriptCourse::Orders pass(std::chrono::milliseconds time) {
    for (const Time end = now + time; now < end; now += 10ms) (void)look();
    return look();
  }
  /// The server has said that we drive, and the robot goes by it.
  void take() {
    state = {.connected = true,
             .driver = Driver{.id = 5, .name = "Kim"},
             .mine = true,
             .gated = true,
             .gate = GateState::kDriven,
             .reason = StopReason::kNone};
  }
  void stopFor(StopReason reason) {
    state.gate = GateState::kStopped;
    state.reason = reason;
  }
  void press() {
    state.emergency = true;
    state.emergencyBy = "Bo: a dog";
    state.gate = GateState::kEmergency;
    state.reason = StopReason::kEmergency;
  }
  std::string failure() const { return course.failure().value_or(""); }

  ScriptCourse course;
  DriveState state;
  Time now{1h};
  int line = 0;
};

TEST_F(ScriptCourseTest, TakesControlWhenTheRobotGoesByIt) {
  begin(Kind::kTake);
  EXPECT_EQ(look().say, Kind::kTake);
  EXPECT_EQ(pass(3s).say, std::nullopt) << "once is enough";
  EXPECT_FALSE(course.takesStep());
  take();
  stopFor(StopReason::kBlind);
  (void)pass(1s);
  EXPECT_FALSE(course.takesStep());
  take();
  (void)look();
  EXPECT_TRUE(course.takesStep());
  EXPECT_TRUE(course.done());
}

TEST_F(ScriptCourseTest, SaysWhyControlCameToNothing) {
  state.connected = true;
  begin(Kind::kTake);
  (void)look();
  state.refused = "somebody else drives";
  (void)pass(100ms);
  EXPECT_EQ(failure(), "") << "that may be the answer to an earlier request";
  (void)pass(1s);
  EXPECT_EQ(failure(), "line 1 of the script: control wasn't given: somebody else drives");
}

TEST_F(ScriptCourseTest, SaysThatTheRobotDoesNotGoByIt) {
  begin(Kind::kTake);
  take();
  stopFor(StopReason::kNotReady);
  state.reasonDetail = "no I2C bus";
  (void)pass(21s);
  EXPECT_EQ(failure(),
            "line 1 of the script: control was given, but the robot stands still: it is not "
            "ready: no I2C bus");
}

TEST_F(ScriptCourseTest, DrivesLinesThatFollowWithoutAGap) {
  take();
  drive(kForward);
  EXPECT_EQ(look().axes, kForward);
  EXPECT_EQ(pass(500ms).axes, kForward) << "it holds until the next one's";
  ASSERT_TRUE(course.takesStep());
  drive(kTurn);
  EXPECT_EQ(look().axes, kTurn);
  (void)pass(490ms);
  EXPECT_FALSE(course.takesStep()) << "its time counts from the end of the one before";
  (void)pass(10ms);
  EXPECT_TRUE(course.takesStep());
  EXPECT_EQ(look().axes, Axes()) << "nothing follows";
  EXPECT_EQ(failure(), "");
}

TEST_F(ScriptCourseTest, DrivesNothingWithoutControl) {
  state.connected = true;
  drive({});
  (void)look();
  EXPECT_EQ(failure(), "line 1 of the script: it drives without having control");
}

TEST_F(ScriptCourseTest, BeginsToMoveWhenTheRobotGoesByItAndThenTakesItsWholeTime) {
  take();
  stopFor(StopReason::kNewDriver);
  drive(kForward);
  EXPECT_EQ(pass(1s).axes, Axes());
  take();
  EXPECT_EQ(look().axes, kForward);
  (void)pass(490ms);
  EXPECT_FALSE(course.takesStep());
  (void)pass(10ms);
  EXPECT_TRUE(course.takesStep());
}

TEST_F(ScriptCourseTest, FailsWhenTheRobotStopsBeforeALinesEnd) {
  take();
  drive(kForward);
  (void)pass(100ms);
  state.gate = GateState::kWarned;
  (void)pass(100ms);
  EXPECT_EQ(failure(), "") << "that some commands are missing is no stop";
  stopFor(StopReason::kSilence);
  EXPECT_EQ(look().axes, Axes());
  EXPECT_EQ(failure(),
            "line 1 of the script: the robot stands still: no command reached it in time");
}

TEST_F(ScriptCourseTest, FailsWhenTheRobotSaysAfterALinesEndThatItHadStopped) {
  take();
  drive(kForward);
  (void)pass(500ms);
  (void)pass(100ms);
  EXPECT_FALSE(course.done()) << "its word is on its way";
  stopFor(StopReason::kBlind);
  (void)look();
  EXPECT_THAT(failure(),
              HasSubstr("line 1 of the script: the robot stands still: its driver sees"));
}

TEST_F(ScriptCourseTest, EndsWhenTheRobotHasHadTimeToObject) {
  take();
  drive(kForward);
  (void)pass(500ms);
  (void)pass(ScriptCourse::kToHear);
  EXPECT_TRUE(course.done());
  stopFor(StopReason::kSilence);
  (void)pass(1s);
  EXPECT_EQ(failure(), "") << "nothing moves any more";
}

TEST_F(ScriptCourseTest, FailsWhenControlIsLostOrCommandsAreRefused) {
  take();
  drive(kForward);
  (void)pass(100ms);
  state.mine = false;
  state.driver = Driver{.id = 6, .name = "Bo"};
  (void)look();
  EXPECT_EQ(failure(), "line 1 of the script: control was lost: Bo has it now");

  course = {};
  take();
  drive(kForward);
  (void)pass(100ms);
  state.refused = "the program that drives stood still";
  (void)pass(500ms);
  EXPECT_EQ(failure(), "line 2 of the script: the program that drives stood still");
}

TEST_F(ScriptCourseTest, WaitsForClocksThatAreComparedWithARobotThatSaysNothing) {
  take();
  state.gated = false;
  drive(kForward);
  (void)look();
  state.refused = "commands wait";
  (void)pass(300ms);
  state.refused.clear();
  (void)pass(300ms);
  EXPECT_EQ(failure(), "");
  drive(kForward, 100ms);
  (void)look();
  state.refused = "commands wait";
  (void)pass(200ms);
  EXPECT_EQ(failure(), "line 2 of the script: commands wait") << "it has come to its end";
}

TEST_F(ScriptCourseTest, DoesNotDriveDuringAnEmergency) {
  take();
  press();
  drive({}, 100ms);
  (void)pass(100ms);
  EXPECT_TRUE(course.takesStep()) << "what moves nothing is done";
  drive(kForward);
  EXPECT_EQ(look().axes, Axes());
  EXPECT_EQ(failure(),
            "line 2 of the script: the robot is stopped by an emergency stop: Bo: a dog");
}

TEST_F(ScriptCourseTest, HasStoppedWhenTheRobotConfirmsIt) {
  begin(Kind::kStop);
  EXPECT_EQ(look().say, Kind::kStop) << "it is said as soon as there is a connection";
  (void)pass(8s);
  state.connected = true;
  press();
  (void)pass(1s);
  EXPECT_FALSE(course.takesStep());
  state.confirmed = true;
  (void)look();
  EXPECT_TRUE(course.takesStep());
}

TEST_F(ScriptCourseTest, SaysThatNoRobotHasConfirmedAStop) {
  begin(Kind::kStop);
  state.connected = true;
  (void)look();
  press();
  (void)pass(6s);
  EXPECT_THAT(failure(), HasSubstr("line 1 of the script: the server keeps the emergency stop, but "
                                   "no robot confirms it"));
}

TEST_F(ScriptCourseTest, EndsAnEmergencyOnlyWhenItIsKnownWhetherThereIsOne) {
  begin(Kind::kClear);
  EXPECT_EQ(pass(1s).say, std::nullopt);
  EXPECT_FALSE(course.takesStep());
  state.connected = true;
  press();
  EXPECT_EQ(look().say, Kind::kClear);
  (void)pass(100ms);
  EXPECT_FALSE(course.takesStep());
  state.emergency = false;
  state.gated = true;
  (void)pass(100ms);
  EXPECT_FALSE(course.takesStep()) << "the robot still stands by it";
  stopFor(StopReason::kNewDriver);
  (void)look();
  EXPECT_TRUE(course.takesStep());
}

TEST_F(ScriptCourseTest, HasNothingToEndWhereThereIsNoEmergency) {
  state.connected = true;
  begin(Kind::kClear);
  EXPECT_EQ(look().say, std::nullopt);
  (void)look();
  EXPECT_TRUE(course.takesStep());
}

TEST_F(ScriptCourseTest, SaysWhyAnEmergencyWasNotEnded) {
  take();
  press();
  begin(Kind::kClear);
  (void)look();
  state.refused = "that takes the right admin";
  (void)pass(1s);
  EXPECT_EQ(failure(),
            "line 1 of the script: the emergency stop wasn't ended: that takes the right admin");
}

TEST_F(ScriptCourseTest, DoesNotWaitForEverForAServer) {
  for (const Kind kind : {Kind::kTake, Kind::kRelease, Kind::kStop, Kind::kClear}) {
    course = {};
    begin(kind);
    (void)pass(ScriptCourse::kPatience + 1s);
    EXPECT_THAT(failure(), HasSubstr("the server has said nothing in 20 s"));
  }
}

}  // namespace
}  // namespace rtcpub::cli
