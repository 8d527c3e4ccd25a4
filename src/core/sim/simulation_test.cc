#include "core/sim/simulation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/sim/pure_pursuit_test.h"

namespace rtcpub::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kBegin{seconds(100)};

Simulation newSimulation() { return {std::make_shared<Road>(), kBegin}; }

/// Drives by pure pursuit until so many crossings of the line were told, 10 minutes at most.
std::vector<Lap> drive(Simulation& simulation, Time& now, std::size_t crossings) {
  std::vector<Lap> told;
  const Time end = now + std::chrono::minutes(10);
  while (told.size() < crossings && now < end) {
    simulation.drive(pursue(simulation), now);
    now += milliseconds(20);
    simulation.advance(now);
    for (const Lap& lap : simulation.takeLaps()) told.push_back(lap);
    EXPECT_LT(std::abs(simulation.place().offset), Road::kHalfWidth);
  }
  return told;
}

TEST(Simulation, WaitsBeforeTheLineUntilSomebodyDrives) {
  auto simulation = newSimulation();
  const auto begin = simulation.motion();
  simulation.advance(kBegin + std::chrono::hours(1));
  EXPECT_EQ(simulation.motion(), begin);
  EXPECT_NEAR(simulation.place().distance, simulation.road().length() - 15, 0.1);
  EXPECT_TRUE(simulation.takeLaps().empty());
  EXPECT_FALSE(simulation.lapBegan());
}

TEST(Simulation, CountsAndTimesTheLapsOfADriver) {
  auto simulation = newSimulation();
  Time now = kBegin;
  const auto laps = drive(simulation, now, 3);
  ASSERT_EQ(laps.size(), 3U);
  EXPECT_EQ(laps[0].number, 0);
  EXPECT_FALSE(laps[0].time);
  for (std::size_t i = 1; i < laps.size(); ++i) {
    EXPECT_EQ(laps[i].number, int(i));
    EXPECT_EQ(laps[i].time, laps[i].at - laps[i - 1].at);
    EXPECT_GT(*laps[i].time, seconds(30));  // 299 m at 10 m/s
    EXPECT_LT(*laps[i].time, seconds(45));
  }
  EXPECT_EQ(laps[2].best, std::min(*laps[1].time, *laps[2].time));
  EXPECT_EQ(simulation.laps(), 2);
  EXPECT_EQ(simulation.bestLap(), laps[2].best);
  EXPECT_FALSE(simulation.putBack());
}

TEST(Simulation, TellsWhenTheLineWasCrossedMoreFinelyThanItSteps) {
  auto simulation = newSimulation();
  Time now = kBegin;
  simulation.drive({.throttle = 0.4}, now);
  std::vector<Lap> laps;
  double before = 0;
  while (laps.empty() && now < kBegin + seconds(30)) {
    before = simulation.place().distance - simulation.road().length();
    now += kStep;
    simulation.advance(now);
    laps = simulation.takeLaps();
  }
  ASSERT_EQ(laps.size(), 1U);
  const double part = -before / (simulation.place().distance - before);
  EXPECT_NEAR(double((laps[0].at - (now - kStep)).count()), part * double(kStep.count()), 60);
}

TEST(Simulation, CountsTheLineOnceForWhoeverTurnsRoundBeforeIt) {
  auto simulation = newSimulation();
  Time now = kBegin;
  const auto go = [&](double throttle, int milli) {
    simulation.drive({.throttle = throttle}, now);
    now += milliseconds(milli);
    simulation.advance(now);
  };
  int crossings = 0;
  for (int i = 0; i < 4; ++i) {
    while (simulation.place().distance > 100) go(0.5, 20);  // over the line
    go(0, 1500);
    while (simulation.place().distance < 100) go(-1, 20);  // and back
    go(0, 1500);
    crossings += int(simulation.takeLaps().size());
  }
  EXPECT_EQ(crossings, 1);
  EXPECT_EQ(simulation.laps(), 0);
}

TEST(Simulation, PutsWhoeverLeavesTheGrassBackOnTheRoadAtRest) {
  auto simulation = newSimulation();
  Time now = kBegin;
  simulation.drive({.steering = 1, .throttle = 1}, now);
  while (!simulation.putBack() && now < kBegin + seconds(60)) {
    now += milliseconds(5);
    simulation.advance(now);
    EXPECT_LE(std::abs(simulation.place().offset), Road::kVerge);
  }
  ASSERT_TRUE(simulation.putBack());
  EXPECT_EQ(simulation.motion().speed, 0);
  EXPECT_EQ(simulation.place().offset, 0);
  const auto section = simulation.road().at(simulation.place().distance);
  EXPECT_NEAR(std::remainder(simulation.motion().heading - section.heading, 2 * M_PI), 0, 1e-9);
}

TEST(Simulation, DependsOnWhatItIsToldAndNotOnHowOftenItIsAsked) {
  auto seldom = newSimulation();
  auto often = newSimulation();
  std::mt19937 random(7);
  std::uniform_real_distribution<double> axis(-1, 1);
  Time now = kBegin;
  for (int i = 0; i < 500; ++i) {
    const Controls controls{axis(random), axis(random)};
    seldom.drive(controls, now);
    often.drive(controls, now);
    const Time next = now + milliseconds(1 + random() % 400);
    for (; now < next; now += milliseconds(1)) often.advance(now);
    now = next;
  }
  seldom.advance(now);
  often.advance(now);
  EXPECT_EQ(seldom.motion(), often.motion());
  EXPECT_EQ(seldom.takeLaps(), often.takeLaps());
}

TEST(Simulation, TakesWhatIsNoAxisAsNeutralOrTheBound) {
  auto simulation = newSimulation();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  simulation.drive({nan, infinite}, kBegin);
  EXPECT_EQ(simulation.controls(), Controls());
  simulation.drive({1e308, -7}, kBegin);
  EXPECT_EQ(simulation.controls(), (Controls{1, -1}));
}

TEST(Simulation, LeavesOutWhatIsTooMuchToMakeUpFor) {
  auto simulation = newSimulation();
  simulation.drive({.throttle = 0.2}, kBegin);
  simulation.advance(kBegin + std::chrono::hours(1));
  // A place is looked for near the last one; from the grid it went no further than 2 s.
  const double went = simulation.place().distance - (simulation.road().length() - 15);
  EXPECT_GT(went, 0.5);
  EXPECT_LT(went, 2 * kTopSpeed);
}

}  // namespace
}  // namespace rtcpub::sim
