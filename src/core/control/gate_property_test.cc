#include <gtest/gtest.h>

#include <random>

#include "core/control/gate_fixture.h"
#include "core/control/governor.h"

// A gate and a link that does its worst to commands. The test knows the truth of each.
namespace rtcpub::control {
namespace {

using namespace gate_test;

/// What is on its way, by when it arrives.
class Link {
 public:
  explicit Link(unsigned seed) : random_(seed) {}

  /// Loses, doubles, delays and reorders; now and then it stands still for 2 s, and then brings all
  /// at once.
  void send(const Arrival& arrival, Time now) {
    if (now >= stallEnds_ && chance(0.002)) stallEnds_ = now + 2s;
    if (now < burstEnds_) return;
    if (chance(0.01)) burstEnds_ = now + uniform(0, 300'000);  // about 10 % in all
    for (int copies = chance(0.05) ? 2 : 1; copies > 0; --copies) {
      const Time at = std::max(now, stallEnds_) + uniform(5'000, chance(0.1) ? 400'000 : 60'000);
      onItsWay_.emplace(at, arrival);
    }
  }
  std::optional<Arrival> receive(Time until) {
    if (onItsWay_.empty() || onItsWay_.begin()->first > until) return std::nullopt;
    auto node = onItsWay_.extract(onItsWay_.begin());
    node.mapped().at = node.key();
    return std::move(node.mapped());
  }

  bool chance(double p) { return std::bernoulli_distribution(p)(random_); }
  microseconds uniform(int least, int most) {
    return microseconds(std::uniform_int_distribution(least, most)(random_));
  }

 private:
  std::minstd_rand random_;
  std::multimap<Time, Arrival> onItsWay_;
  Time stallEnds_{};
  Time burstEnds_{};
};

/// Drives over such a link, and holds the gate to what it promises.
class Trial {
 public:
  explicit Trial(unsigned seed) : link_(seed) {}

  void step(int number) {
    robot_.now += 20ms;
    if (number % 50 == 0) robot_.compareClocks();
    if (link_.chance(0.02))
      wanted_ = link_.chance(0.5) ? Axes{} : throttle(0.1 + number % 900 * 0.001);
    const auto given = robot_.arrival(wanted_);
    givenAt_.push_back(robot_.now);  // of sequence number givenAt_.size()
    link_.send(given, robot_.now);
    while (const auto arrival = link_.receive(robot_.now)) receive(*arrival);
    checkOutput();
    (void)robot_.gate.takeEvents();
  }

  Robot& robot() { return robot_; }

 private:
  void receive(const Arrival& arrival) {
    if (arrival.at >= lastValid_ + 200ms) mayMove_ = false;
    if (robot_.gate.onCommand(arrival) != Verdict::kAccepted) return;
    const auto& command = arrival.command;
    ASSERT_LE(arrival.at - givenAt_.at(command.sequence - 1), 151ms);
    ASSERT_GT(command.sequence, lastAccepted_);
    ASSERT_TRUE(mayMove_ || isNeutral(command.axes));
    ASSERT_EQ(robot_.gate.output(arrival.at).axes, command.axes);
    lastAccepted_ = command.sequence;
    lastValid_ = arrival.at;
    mayMove_ = true;
  }

  /// Whatever happens, the motors hold nothing for longer than 200 ms.
  void checkOutput() {
    const auto output = robot_.output();
    ASSERT_TRUE(output.neutral || robot_.now < lastValid_ + 200ms);
    ASSERT_TRUE(output.neutral || output.until == lastValid_ + 200ms);
  }

  Link link_;
  Robot robot_;
  Axes wanted_;
  std::vector<Time> givenAt_;
  std::uint64_t lastAccepted_ = 0;
  Time lastValid_{};
  bool mayMove_ = false;  ///< there was a neutral command since the last stop
};

/// All that can happen to a gate, at random, and what its driver may expect of it.
class Course {
 public:
  explicit Course(unsigned seed) : random_(seed) {}

  /// In how many steps something moved.
  [[nodiscard]] int moved() const { return moved_; }
  void step() {
    const int what = oneOf(40);
    if (what == 0) changeLease();
    if (what == 1) changeReady();
    if (what == 2) stop();
    if (what == 3 || what == 4) clear();
    if (what == 5) reconnect();
    if (what > 5) command();
    check();
    robot_.now += microseconds(oneOf(60'000));
    robot_.compareClocks();
    (void)robot_.gate.takeEvents();
  }

 private:
  int oneOf(int count) { return std::uniform_int_distribution(0, count - 1)(random_); }

  void changeLease() {
    lease_ = static_cast<std::uint64_t>(oneOf(2)) * (lease_ + 1);
    robot_.gate.onLease(lease_, lease_ == 0 ? std::nullopt : std::optional(Driver{.id = 1}),
                        robot_.now);
  }
  void changeReady() {
    ready_ = oneOf(2) == 0;
    robot_.gate.setReady(ready_, "why", robot_.now);
  }
  void stop() {
    latched_ = true;
    robot_.gate.stop("somebody", robot_.now);
  }
  void clear() {
    latched_ = false;
    robot_.gate.clear(robot_.now);
  }
  void reconnect() {
    lease_ = 0;
    robot_.gate.onNewConnection(robot_.now);
    robot_.compareClocks();
  }
  void command() {
    auto arrival = robot_.arrival(oneOf(3) == 0 ? Axes{} : throttle(0.5));
    if (lease_ == 0 && oneOf(2) == 0) return;
    lease_ = std::max<std::uint64_t>(lease_, 1);  // the server's word is on its way
    arrival.command.lease = lease_;
    (void)robot_.gate.onCommand(arrival);
  }
  void check() {
    const bool moves = !robot_.output().neutral;
    ASSERT_FALSE(moves && (lease_ == 0 || !ready_ || latched_));
    ASSERT_EQ(robot_.gate.report().state == GateState::kEmergency, latched_);
    moved_ += moves ? 1 : 0;
  }

  std::minstd_rand random_;
  Robot robot_;
  std::uint64_t lease_ = 1;
  bool ready_ = true;
  bool latched_ = false;
  int moved_ = 0;
};

class GateProperties : public ::testing::TestWithParam<unsigned> {};

TEST_P(GateProperties, NothingActsAfterItsLifeNorOutOfOrderNorUnaskedAfterAStop) {
  constexpr int kCommands = 250'000;  // four seeds make a million
  Trial trial(GetParam());
  for (int i = 0; i < kCommands && !HasFatalFailure(); ++i) trial.step(i);
  const auto report = trial.robot().gate.report();
  // The link does what it is here for.
  EXPECT_GT(report.verdicts.at("accepted"), 50'000U);
  EXPECT_GT(report.verdicts.at("expired"), 1000U);
  EXPECT_GT(report.verdicts.at("out-of-order"), 1000U);
  EXPECT_GT(report.stops, 50U);
}

TEST_P(GateProperties, NothingMovesUnlessSomebodyDrivesWhomNothingHinders) {
  Course course(GetParam());
  for (int i = 0; i < 100'000 && !HasFatalFailure(); ++i) course.step();
  EXPECT_GT(course.moved(), 5'000);  // or nothing was tried
}

INSTANTIATE_TEST_SUITE_P(Seeds, GateProperties, ::testing::Values(1U, 2U, 3U, 4U));

TEST(Governor, LeavesTheWayThatIsDrivenBlindWhatItIsAtTwoHundredMilliseconds) {
  for (int ms = 1; ms <= 5000; ++ms) {
    const double factor = speedFactor(std::chrono::milliseconds(ms));
    EXPECT_DOUBLE_EQ(factor, ms <= 200 ? 1.0 : 200.0 / ms);
  }
  EXPECT_DOUBLE_EQ(capped(-1, 0.25), -0.25);
  EXPECT_DOUBLE_EQ(capped(0.1, 0.25), 0.1);
}

}  // namespace
}  // namespace rtcpub::control
