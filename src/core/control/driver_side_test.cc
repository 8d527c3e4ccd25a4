#include "core/control/driver_side.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace rtcpub::control {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr DriverSide::Clock kClock{.offsetUs = 5'000'000, .boundUs = 700};
const Axes kForward{{kThrottle, 0.5}};

class DriverSideTest : public testing::Test {
 protected:
  void connect() {
    side.onServer(true);
    side.onLeaseChannel(true);
    side.onCommandChannel(true);
  }
  DriveNotice mine(std::uint64_t lease = 3) const {
    return {.lease = lease, .driver = Driver{.id = 5, .name = "Kim"}, .mine = true, .gated = gated};
  }
  void grant(std::uint64_t lease = 3) { side.onLeaseMessage(mine(lease), now); }
  void confirm(GateState state = GateState::kDriven, std::uint64_t lease = 3) {
    GateReport report{.state = state, .lease = lease};
    report.settings.life = 80ms;
    side.onReport(report);
  }
  /// Connected, granted, and the robot has taken a neutral command.
  void drive() {
    connect();
    grant();
    ASSERT_TRUE(side.due(now, kClock));
    confirm();
  }
  void command(const Axes& axes, std::chrono::milliseconds hold = 200ms) {
    side.command(axes, {.hold = hold}, now);
  }
  /// What is given in this time, in which the user does something each millisecond.
  std::vector<Command> pass(std::chrono::milliseconds time,
                            const std::function<void()>& each = {}) {
    std::vector<Command> given;
    for (const Time end = now + time; now < end; now += 1ms) {
      if (each) each();
      if (auto command = side.due(now, kClock)) given.push_back(*std::move(command));
    }
    return given;
  }

  DriverSide side;
  Time now{1h};
  bool gated = true;
};

TEST_F(DriverSideTest, AsksAsSoonAsThereIsAConnection) {
  side.request(false);
  EXPECT_THAT(side.takeTexts(), IsEmpty());
  connect();
  EXPECT_THAT(side.takeTexts(), ElementsAre(format(LeaseMessageToServer(LeaseRequest{}))));
  side.onLeaseChannel(false);
  side.onLeaseChannel(true);
  EXPECT_THAT(side.takeTexts(), ElementsAre(format(LeaseMessageToServer(LeaseRequest{}))))
      << "the answer was lost with the connection";
  grant();
  EXPECT_TRUE(side.state().mine);
  side.onLeaseChannel(false);
  side.onLeaseChannel(true);
  EXPECT_THAT(side.takeTexts(), IsEmpty()) << "what was lost is for its user to ask for again";
}

TEST_F(DriverSideTest, TellsWhyItAskedInVain) {
  connect();
  side.request(false);
  side.onLeaseMessage(LeaseRefused{.code = "declined", .message = "Kim drives on"}, now);
  EXPECT_EQ(side.state().refused, "Kim drives on");
  side.request(true);
  EXPECT_EQ(side.state().refused, "");
}

TEST_F(DriverSideTest, TellsWhetherItsRequestIsPending) {
  side.request(false);
  EXPECT_TRUE(side.state().waiting) << "for a connection";
  connect();
  EXPECT_TRUE(side.state().waiting);
  side.onLeaseMessage(LeaseRefused{.code = "declined", .message = ""}, now);
  EXPECT_FALSE(side.state().waiting);
  side.request(false);
  grant();
  EXPECT_FALSE(side.state().waiting);
}

TEST_F(DriverSideTest, TellsWhetherTheServerHasSaidWhoDrives) {
  connect();
  EXPECT_FALSE(side.state().connected);
  side.onLeaseMessage(DriveNotice{}, now);
  EXPECT_TRUE(side.state().connected) << "nobody does";
  side.onLeaseChannel(false);
  EXPECT_FALSE(side.state().connected);
}

TEST_F(DriverSideTest, TakesARobotThatGoesByAnotherLeaseForOneThatWaits) {
  connect();
  confirm(GateState::kDriven, 2);
  grant(3);
  EXPECT_EQ(side.state().gate, GateState::kStopped);
  EXPECT_EQ(side.state().reason, StopReason::kNewDriver);
  confirm(GateState::kWarned, 2);
  EXPECT_EQ(side.state().gate, GateState::kStopped);
  confirm(GateState::kDriven, 3);
  EXPECT_EQ(side.state().gate, GateState::kDriven);
}

TEST_F(DriverSideTest, ForgetsWhyItAskedInVainWhenItEndsAnEmergency) {
  connect();
  side.onLeaseMessage(LeaseRefused{.code = "busy", .message = "somebody asks"}, now);
  side.clear();
  EXPECT_EQ(side.state().refused, "");
}

TEST_F(DriverSideTest, TellsThatAServerHasNoLeases) {
  side.onServer(false);
  side.request(false);
  EXPECT_THAT(side.state().refused, testing::HasSubstr("no leases"));
  side.onServer(true);
  EXPECT_EQ(side.state().refused, "");
}

TEST_F(DriverSideTest, GivesTheCommandInForceFiftyTimesASecond) {
  drive();
  const auto given = pass(1s, [this] { command(kForward); });
  EXPECT_NEAR(static_cast<double>(given.size()), 50, 2);
  for (std::size_t i = 0; i < given.size(); ++i) {
    EXPECT_EQ(given[i].sequence, i + 2);
    EXPECT_EQ(given[i].lease, 3U);
    EXPECT_EQ(given[i].axes, kForward);
    EXPECT_EQ(given[i].boundUs, kClock.boundUs);
    EXPECT_EQ(given[i].life, 80ms) << "the robot's";
  }
  EXPECT_EQ(given.front().givenUs,
            (Time(1h) + DriverSide::kLeastInterval).time_since_epoch().count() + kClock.offsetUs);
}

TEST_F(DriverSideTest, GivesANewCommandSoonAndNeverMoreThanTheServerTakes) {
  drive();
  (void)pass(100ms);
  command(kForward);
  const auto first = pass(DriverSide::kLeastInterval + 1ms);
  ASSERT_FALSE(first.empty());
  EXPECT_EQ(first.back().axes, kForward);
  double wheel = 0;
  const auto given = pass(1s, [&] {
    command({{kSteering, wheel = wheel < 1 ? wheel + 0.001 : 0}});
  });
  EXPECT_GE(given.size(), 90U);
  EXPECT_LE(given.size(), 101U);
}

TEST_F(DriverSideTest, IsNeutralWhenItsUserHangs) {
  drive();
  command(kForward, 150ms);
  const auto given = pass(400ms);
  const auto hasEnded = [](const Command& command) { return command.axes.empty(); };
  const auto end = std::find_if(given.begin(), given.end(), hasEnded);
  ASSERT_NE(end, given.end());
  EXPECT_NEAR(static_cast<double>(end - given.begin()), 7.5, 1);
  EXPECT_TRUE(std::all_of(end, given.end(), hasEnded));
}

TEST_F(DriverSideTest, TakesTheNeutralThatStoodInForAHungUserForNoneOfTheUsersOwn) {
  drive();
  command(kForward, 150ms);
  (void)pass(300ms);
  EXPECT_THAT(side.state().refused, HasSubstr("give neutral first"));
  for (const auto& given : pass(500ms, [this] { command(kForward); })) {
    EXPECT_TRUE(given.axes.empty());
  }
  command({});
  EXPECT_EQ(side.state().refused, "");
  (void)pass(20ms);
  command(kForward);
  EXPECT_EQ(pass(20ms).back().axes, kForward);
}

TEST_F(DriverSideTest, TakesNothingFromAUserThatStoodStillWithIt) {
  drive();
  command(kForward, 150ms);
  (void)pass(40ms);
  now += 400ms;  // the whole program stood still, and the user is the first to go on
  command(kForward, 150ms);
  for (const auto& given : pass(100ms, [this] { command(kForward); })) {
    EXPECT_TRUE(given.axes.empty());
  }
}

TEST_F(DriverSideTest, TakesARestThatIsLongForNoHang) {
  drive();
  command({}, 150ms);
  (void)pass(400ms);
  command(kForward);
  EXPECT_EQ(pass(20ms).back().axes, kForward);
}

TEST_F(DriverSideTest, CountsItsUsersTimeFromTheCall) {
  drive();
  side.command(kForward, {.hold = 200ms}, now - 300ms);  // the loop was stuck meanwhile
  for (const auto& command : pass(100ms)) EXPECT_TRUE(command.axes.empty());
}

TEST_F(DriverSideTest, BeginsWithNeutralUntilTheRobotHasTakenIt) {
  connect();
  grant();
  for (const auto& command : pass(500ms, [this] { command(kForward); })) {
    EXPECT_TRUE(command.axes.empty());
  }
  confirm();
  EXPECT_EQ(pass(20ms).back().axes, kForward);
}

TEST_F(DriverSideTest, BeginsWithThreeNeutralCommandsWhereTheRobotSaysNothing) {
  gated = false;
  connect();
  grant();
  const auto given = pass(200ms, [this] { command(kForward); });
  ASSERT_GT(given.size(), 4U);
  for (std::size_t i = 0; i < given.size(); ++i) EXPECT_EQ(given[i].axes.empty(), i < 3) << i;
}

TEST_F(DriverSideTest, MakesNoNeutralCommandOfItsOwnAfterAStop) {
  drive();
  (void)pass(100ms, [this] { command(kForward); });
  confirm(GateState::kStopped);
  side.onCommandChannel(false);
  EXPECT_THAT(pass(500ms, [this] { command(kForward); }), IsEmpty());
  side.onCommandChannel(true);
  for (const auto& command : pass(500ms, [this] { command(kForward); })) {
    EXPECT_EQ(command.axes, kForward) << "the gate refuses it until its driver has let go";
  }
}

TEST_F(DriverSideTest, TakesNothingIntoAnotherLease) {
  drive();
  command(kForward, 10s);
  EXPECT_EQ(pass(20ms).back().axes, kForward);
  side.onLeaseMessage(DriveNotice{.lease = 4, .driver = Driver{.id = 6}, .gated = true}, now);
  command(kForward, 10s);
  EXPECT_THAT(pass(100ms), IsEmpty());
  grant(5);
  confirm(GateState::kDriven, 5);
  const auto given = pass(100ms);
  ASSERT_FALSE(given.empty());
  EXPECT_EQ(given.front().lease, 5U);
  EXPECT_EQ(given.front().sequence, 1U);
  for (const auto& command : given) EXPECT_TRUE(command.axes.empty());
}

TEST_F(DriverSideTest, GivesNeutralBeforeItLetsGo) {
  drive();
  command(kForward, 10s);
  (void)pass(20ms);
  (void)side.takeTexts();
  side.release(now);
  const auto last = side.due(now, kClock);
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->axes.empty());
  EXPECT_THAT(side.takeTexts(), ElementsAre(format(LeaseMessageToServer(LeaseRelease{}))));
  command(kForward);
  for (const auto& command : pass(100ms)) EXPECT_TRUE(command.axes.empty());
}

TEST_F(DriverSideTest, StopsInAnEmergencyWhoeverDrivesAndSaysItAgainUntilItIsHeard) {
  side.emergencyStop("a dog", now);
  connect();
  const std::string text = format(LeaseMessageToServer(EmergencyStop{"a dog"}));
  EXPECT_THAT(side.takeTexts(), ElementsAre(text));
  side.onLeaseChannel(false);
  side.onLeaseChannel(true);
  EXPECT_THAT(side.takeTexts(), ElementsAre(text));
  DriveNotice notice{.emergency = DriveNotice::Emergency{"Kim", "a dog", true}};
  side.onLeaseMessage(notice, now);
  EXPECT_TRUE(side.state().emergency);
  EXPECT_TRUE(side.state().confirmed);
  EXPECT_EQ(side.state().emergencyBy, "Kim: a dog");
  side.onLeaseChannel(false);
  side.onLeaseChannel(true);
  EXPECT_THAT(side.takeTexts(), IsEmpty());
}

TEST_F(DriverSideTest, AnEmergencyEndsWhatItsUserHadInForce) {
  drive();
  command(kForward, 10s);
  (void)pass(40ms);
  side.emergencyStop("", now);
  ASSERT_TRUE(side.due(now, kClock));
  for (const auto& command : pass(100ms)) EXPECT_TRUE(command.axes.empty());
}

TEST_F(DriverSideTest, GivesNothingWithoutTheServersClockAndTellsSo) {
  connect();
  grant();
  EXPECT_EQ(side.due(now, std::nullopt), std::nullopt);
  EXPECT_THAT(side.state().refused, testing::HasSubstr("clock"));
  now += 20ms;
  EXPECT_TRUE(side.due(now, kClock));
  EXPECT_EQ(side.state().refused, "");
}

TEST_F(DriverSideTest, SaysWhichPictureItSaw) {
  drive();
  side.onPicture(7);
  command(kForward);
  EXPECT_EQ(pass(20ms).back().sawRtp, 7U);
  side.onPicture(8);
  EXPECT_EQ(pass(20ms).back().sawRtp, 8U);
  side.command(kForward, {.saw = 5}, now);
  EXPECT_EQ(pass(20ms).back().sawRtp, 5U) << "the one on which it was given";
  side.onLeaseChannel(false);
  side.onLeaseChannel(true);
  grant();
  EXPECT_EQ(pass(20ms).back().sawRtp, std::nullopt) << "numbers of another connection's video";
}

TEST_F(DriverSideTest, AnswersWhoAsks) {
  drive();
  side.answer(true);
  EXPECT_THAT(side.takeTexts(), IsEmpty()) << "nobody asks";
  auto notice = mine();
  notice.asking = Driver{.id = 6, .name = "Bo"};
  side.onLeaseMessage(notice, now);
  EXPECT_TRUE(side.state().answer);
  side.answer(true);
  EXPECT_THAT(side.takeTexts(),
              ElementsAre(format(LeaseMessageToServer(LeaseReply{.to = 6, .give = true}))));
}

TEST_F(DriverSideTest, TellsThatItsLeaseWentWithTheConnection) {
  drive();
  side.onLeaseChannel(false);
  EXPECT_FALSE(side.state().mine);
  EXPECT_EQ(side.state().driver, std::nullopt);
  EXPECT_THAT(side.state().refused, testing::HasSubstr("no connection"));
  EXPECT_EQ(side.deadline(), std::nullopt);
}

}  // namespace
}  // namespace rtcpub::control
