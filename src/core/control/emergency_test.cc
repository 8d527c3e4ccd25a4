#include "core/control/emergency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace rtcpub::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

GateReport report(GateState state, std::uint64_t emergency, std::string by = {}) {
  GateReport report;
  report.state = state;
  report.emergency = emergency;
  report.by = std::move(by);
  return report;
}

/// "stop 2!", "clear 2": the first time has a `!`.
std::vector<std::string> texts(const Emergency::Orders& orders) {
  std::vector<std::string> texts;
  for (const auto& order : orders) {
    const auto* stop = std::get_if<StopOrder>(&order.message);
    const std::string text =
        stop != nullptr ? "stop " + std::to_string(stop->number)
                        : "clear " + std::to_string(std::get<ClearOrder>(order.message).number);
    texts.push_back(text + (order.first ? "!" : ""));
  }
  return texts;
}

/// With a robot that has a gate, which has been told of no stop yet.
class EmergencyTest : public ::testing::Test {
 protected:
  EmergencyTest() { EXPECT_THAT(emergency_.onRobot(now_), IsEmpty()); }

  std::vector<std::string> press() { return texts(emergency_.press("Kim", "a dog", now_)); }
  std::vector<std::string> clear() { return texts(emergency_.clear(now_)); }
  std::vector<std::string> hear(GateState state, std::uint64_t number) {
    return texts(emergency_.onReport(report(state, number), now_));
  }
  /// What is said in this time, at the times when it is due.
  std::vector<std::string> pass(Time::duration time) {
    std::vector<std::string> said;
    const Time end = now_ + time;
    while (emergency_.deadline() && *emergency_.deadline() <= end) {
      now_ = std::max(now_, *emergency_.deadline());
      for (auto& text : texts(emergency_.onTime(now_))) said.push_back(std::move(text));
    }
    now_ = end;
    return said;
  }
  /// "none", "unconfirmed", "confirmed".
  [[nodiscard]] std::string state() const {
    if (!emergency_.status()) return "none";
    return emergency_.status()->confirmed ? "confirmed" : "unconfirmed";
  }

  Emergency emergency_;
  Time now_{1000s};
};

TEST_F(EmergencyTest, IsToldUntilTheRobotHasHeard) {
  EXPECT_THAT(press(), ElementsAre("stop 1!"));
  EXPECT_EQ(emergency_.status()->by, "Kim");
  EXPECT_EQ(emergency_.status()->why, "a dog");
  EXPECT_THAT(pass(150ms), ElementsAre("stop 1", "stop 1", "stop 1"));
  EXPECT_EQ(state(), "unconfirmed");
  EXPECT_THAT(hear(GateState::kEmergency, 1), IsEmpty());
  EXPECT_EQ(state(), "confirmed");
  EXPECT_THAT(pass(10s), IsEmpty());
}

TEST_F(EmergencyTest, IsToldOnWhateverOldReportsSay) {
  (void)press();
  EXPECT_THAT(hear(GateState::kDriven, 0), IsEmpty());
  EXPECT_EQ(state(), "unconfirmed");
  EXPECT_THAT(pass(50ms), ElementsAre("stop 1"));
}

TEST_F(EmergencyTest, CostsNothingToPressAgainUntilItIsHeard) {
  (void)press();
  for (int i = 0; i < 1000; ++i) EXPECT_THAT(press(), IsEmpty());
  EXPECT_EQ(emergency_.number(), 1U);
}

TEST_F(EmergencyTest, StopsARobotAgainThatMayHaveGoneOn) {
  (void)press();
  (void)hear(GateState::kEmergency, 1);
  now_ += 1s;
  EXPECT_THAT(press(), ElementsAre("stop 2!"));
  EXPECT_EQ(state(), "confirmed") << "it stood a moment ago";
  // The robot's side had cleared the first one, and says so now.
  (void)hear(GateState::kIdle, 1);
  EXPECT_EQ(state(), "unconfirmed");
  EXPECT_THAT(pass(50ms), ElementsAre("stop 2"));
  (void)hear(GateState::kEmergency, 2);
  EXPECT_EQ(state(), "confirmed");
}

TEST_F(EmergencyTest, TellsARobotNoMoreThanTwentyTimesASecondOfAFlood) {
  (void)press();
  std::size_t said = 0;
  for (int ms = 0; ms < 1000; ++ms) {
    now_ += 1ms;
    said += press().size();
    said += hear(GateState::kEmergency, emergency_.number()).size();
  }
  EXPECT_LE(said, 20U);
}

TEST_F(EmergencyTest, EndsWhenItIsClearedHere) {
  (void)press();
  (void)hear(GateState::kEmergency, 1);
  EXPECT_THAT(clear(), ElementsAre("clear 1!"));
  EXPECT_EQ(state(), "none");
  EXPECT_THAT(pass(100ms), ElementsAre("clear 1", "clear 1"));
  EXPECT_THAT(hear(GateState::kEmergency, 1), IsEmpty());
  EXPECT_EQ(state(), "none") << "it hasn't heard of it yet";
  EXPECT_THAT(hear(GateState::kStopped, 1), IsEmpty());
  EXPECT_THAT(pass(10s), IsEmpty());
  EXPECT_THAT(clear(), IsEmpty());
}

TEST_F(EmergencyTest, EndsWhenItIsClearedAtTheRobot) {
  (void)press();
  (void)hear(GateState::kEmergency, 1);
  EXPECT_THAT(hear(GateState::kIdle, 1), IsEmpty());
  EXPECT_EQ(state(), "none");
}

TEST_F(EmergencyTest, IsToldOfItsEndForFiveSeconds) {
  (void)press();
  (void)hear(GateState::kEmergency, 1);
  (void)clear();
  EXPECT_THAT(pass(20s), ::testing::SizeIs(99));
  EXPECT_EQ(emergency_.deadline(), std::nullopt);
  (void)hear(GateState::kEmergency, 1);
  EXPECT_EQ(state(), "confirmed") << "it stands all the same";
}

TEST_F(EmergencyTest, IsPressedAgainWhileItsEndIsBeingTold) {
  (void)press();
  (void)hear(GateState::kEmergency, 1);
  (void)clear();
  EXPECT_THAT(press(), ElementsAre("stop 2!"));
  EXPECT_THAT(pass(50ms), ElementsAre("stop 2"));
  (void)hear(GateState::kEmergency, 1);
  EXPECT_EQ(state(), "unconfirmed") << "that is the one before";
  (void)hear(GateState::kEmergency, 2);
  EXPECT_EQ(state(), "confirmed");
}

TEST_F(EmergencyTest, KnowsOfTheRobotsOwnStops) {
  EXPECT_THAT(texts(emergency_.onReport(report(GateState::kEmergency, 7, "its button"), now_)),
              IsEmpty());
  EXPECT_EQ(state(), "confirmed");
  EXPECT_EQ(emergency_.status()->why, "its button");
  EXPECT_THAT(clear(), ElementsAre("clear 7!"));
  (void)hear(GateState::kStopped, 7);
  EXPECT_THAT(press(), ElementsAre("stop 8!")) << "higher than any that it knows";
}

TEST_F(EmergencyTest, StopsARobotThatHasUsedThatNumberForItself) {
  EXPECT_THAT(press(), ElementsAre("stop 1!"));
  // It had stopped itself just before, by this number, and goes on: ours said nothing new to it.
  EXPECT_THAT(hear(GateState::kIdle, 1), IsEmpty());
  EXPECT_EQ(state(), "unconfirmed");
  EXPECT_THAT(pass(50ms), ElementsAre("stop 2!"));
}

TEST_F(EmergencyTest, KnowsOfTheRobotsOwnStopWhileAnEarlierOneIsBeingCleared) {
  (void)press();
  (void)hear(GateState::kEmergency, 1);
  (void)clear();
  (void)hear(GateState::kEmergency, 2);
  EXPECT_EQ(state(), "confirmed");
  EXPECT_THAT(pass(1s), IsEmpty());
}

TEST_F(EmergencyTest, IsRememberedForARobotThatComesAnew) {
  (void)press();
  (void)hear(GateState::kEmergency, 1);
  emergency_.onNoRobot();
  EXPECT_EQ(state(), "unconfirmed");
  EXPECT_THAT(pass(10s), IsEmpty());
  EXPECT_THAT(texts(emergency_.onRobot(now_)), ElementsAre("stop 1!"));
  EXPECT_THAT(hear(GateState::kIdle, 0), IsEmpty());
  EXPECT_THAT(pass(50ms), ElementsAre("stop 1"));
  (void)hear(GateState::kEmergency, 1);
  EXPECT_EQ(state(), "confirmed");
}

TEST_F(EmergencyTest, HoldsWithoutAGateUntilItIsCleared) {
  emergency_.onNoRobot();
  EXPECT_THAT(press(), IsEmpty());
  EXPECT_EQ(state(), "unconfirmed");
  EXPECT_THAT(clear(), IsEmpty());
  EXPECT_EQ(state(), "none");
  EXPECT_EQ(emergency_.deadline(), std::nullopt);
}

TEST_F(EmergencyTest, CountsNoFurtherThanBrowsersDo) {
  (void)hear(GateState::kIdle, UINT64_MAX);
  EXPECT_THAT(press(), ElementsAre("stop 9007199254740991!"));
}

TEST_F(EmergencyTest, LetsNoPublisherUseUpTheNumbersOfThoseAfterIt) {
  for (int i = 0; i < 3; ++i) {
    (void)hear(GateState::kEmergency, kMaxNumber);
    (void)hear(GateState::kStopped, kMaxNumber);
    emergency_.onOtherRobot();
    (void)emergency_.onRobot(now_);
  }
  // Each is one that the next one's gate hasn't taken yet.
  for (std::uint64_t number = 3'000'001; number < 3'000'020; ++number) {
    EXPECT_THAT(press(), ElementsAre("stop " + std::to_string(number) + "!"));
    (void)hear(GateState::kEmergency, number);
    EXPECT_EQ(state(), "confirmed");
    (void)clear();
    (void)hear(GateState::kStopped, number);
  }
}

TEST_F(EmergencyTest, RemembersAStopForAnotherRobotWhateverTheOneBeforeSaid) {
  (void)press();
  (void)hear(GateState::kEmergency, kMaxNumber);
  emergency_.onOtherRobot();
  EXPECT_EQ(state(), "unconfirmed");
  EXPECT_THAT(texts(emergency_.onRobot(now_)), ElementsAre("stop 1000000!"));
  (void)hear(GateState::kEmergency, 1'000'000);
  EXPECT_EQ(state(), "confirmed");
}

TEST_F(EmergencyTest, StopsARobotThatHasTakenHigherNumbersElsewhere) {
  emergency_.onOtherRobot();
  (void)emergency_.onRobot(now_);
  EXPECT_THAT(press(), ElementsAre("stop 1!"));
  EXPECT_THAT(hear(GateState::kDriven, 5'000'000), IsEmpty());
  EXPECT_THAT(pass(50ms), ElementsAre("stop 5000001!"));
  (void)hear(GateState::kEmergency, 5'000'001);
  EXPECT_EQ(state(), "confirmed");
}

TEST_F(EmergencyTest, TellsAnotherRobotNothingOfAnEndThatWasTheOneBefores) {
  (void)press();
  (void)hear(GateState::kEmergency, 1);
  (void)clear();
  emergency_.onOtherRobot();
  EXPECT_THAT(texts(emergency_.onRobot(now_)), IsEmpty());
  (void)hear(GateState::kEmergency, 1);
  EXPECT_EQ(state(), "confirmed") << "it has stopped by itself";
}

/// A robot's latch as its gate keeps it, over a path that loses and reorders.
struct Robot {
  std::uint64_t taken = 0;
  bool latched = false;

  void hear(const LeaseMessageToClient& message) {
    if (const auto* stop = std::get_if<StopOrder>(&message)) {
      if (stop->number > taken) {
        taken = stop->number;
        latched = true;
      }
    } else if (std::get<ClearOrder>(message).number >= taken) {
      latched = false;
    }
  }
};

/// A robot, the server's memory of its stops, and what is between them.
class LossyPath {
 public:
  explicit LossyPath(unsigned seed) : random_(seed) { (void)emergency_.onRobot(now_); }

  /// Whatever may happen, and then somebody presses. Whether the robot stands in the end, unless
  /// its own side lets it go on.
  bool round() {
    late_.clear();
    happen();
    tell(emergency_.press("", "", now_));
    for (int i = 0; i < 400 && !stands() && emergency_.status(); ++i) pass();
    return stands() || !emergency_.status();
  }

 private:
  bool oneOf(unsigned times) { return random_() % times == 0; }
  [[nodiscard]] bool stands() const {
    return robot_.latched && robot_.taken >= emergency_.number();
  }

  void happen() {
    if (oneOf(4)) tell(emergency_.clear(now_));
    if (oneOf(8)) robot_ = {};  // a new one
    if (oneOf(8)) another();
    if (oneOf(8)) tell(emergency_.onRobot(now_));
    if (oneOf(8)) robot_ = {.taken = robot_.taken + 1, .latched = true};
    if (oneOf(8)) robot_.latched = false;
  }
  /// The one before says what it likes of itself; the next one may have been elsewhere.
  void another() {
    if (oneOf(2)) tell(emergency_.onReport(report(GateState::kIdle, kMaxNumber), now_));
    robot_ = {.taken = oneOf(2) ? random_() : 0, .latched = oneOf(2)};
    emergency_.onOtherRobot();
    tell(emergency_.onRobot(now_));
  }
  void pass() {
    now_ += Emergency::kRepeat;
    for (const auto& message : late_) robot_.hear(message);
    tell(emergency_.onTime(now_));
    const auto state = robot_.latched ? GateState::kEmergency : GateState::kStopped;
    if (oneOf(2)) tell(emergency_.onReport(report(state, robot_.taken), now_));
  }
  void tell(const Emergency::Orders& orders) {
    for (const auto& order : orders) {
      if (oneOf(3)) robot_.hear(order.message);
      if (oneOf(3)) late_.push_back(order.message);
    }
  }

  std::mt19937 random_;
  Emergency emergency_;
  Robot robot_;
  Time now_{1000s};
  std::vector<LeaseMessageToClient> late_;
};

TEST(EmergencyProperties, APressedStopComesWhateverIsLost) {
  LossyPath path(7);
  for (int round = 0; round < 20'000; ++round) ASSERT_TRUE(path.round()) << "round " << round;
}

}  // namespace
}  // namespace rtcpub::control
