#include "core/sim/car_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace rtcpub::sim {
namespace {

constexpr double kSeconds = std::chrono::duration<double>(kStep).count();

Motion driven(Motion motion, const Controls& controls, double seconds,
              Ground ground = Ground::kAsphalt) {
  for (int i = 0; i < std::lround(seconds / kSeconds); ++i) motion = step(motion, controls, ground);
  return motion;
}

Motion atTopSpeed() { return {.speed = kTopSpeed}; }

TEST(CarModel, StandsStillAtNeutral) { EXPECT_EQ(driven({}, {}, 10), Motion{}); }

TEST(CarModel, ReachesTopSpeedAndNoMore) {
  const auto motion = driven({}, {.throttle = 1}, 6);
  EXPECT_NEAR(motion.speed, kTopSpeed, 0.05);
  EXPECT_LE(motion.speed, kTopSpeed);
  EXPECT_NEAR(driven({}, {.throttle = 0.5}, 6).speed, kTopSpeed / 2, 0.05);
}

TEST(CarModel, RollsFromTopSpeedToAHaltWithin1300Milliseconds) {
  EXPECT_GT(driven(atTopSpeed(), {}, 1.2).speed, 0);
  EXPECT_EQ(driven(atTopSpeed(), {}, 1.3).speed, 0);
}

TEST(CarModel, BrakesByOppositeThrottleAndThenReverses) {
  EXPECT_LT(driven(atTopSpeed(), {.throttle = -1}, 0.3).speed, driven(atTopSpeed(), {}, 0.3).speed);
  EXPECT_NEAR(driven(atTopSpeed(), {.throttle = -1}, 5).speed, -kTopReverse, 0.05);
}

TEST(CarModel, TurnsRightWhenItIsSteeredRight) {
  const auto motion = driven(atTopSpeed(), {.steering = 0.3, .throttle = 1}, 1);
  EXPECT_LT(motion.heading, -0.1);
  EXPECT_LT(motion.y, -0.1);
  EXPECT_GT(driven(atTopSpeed(), {.steering = -0.3, .throttle = 1}, 1).heading, 0.1);
}

TEST(CarModel, MirrorsLeftAndRight) {
  const auto right = driven(atTopSpeed(), {.steering = 0.7, .throttle = 0.4}, 2);
  const auto left = driven(atTopSpeed(), {.steering = -0.7, .throttle = 0.4}, 2);
  EXPECT_NEAR(right.x, left.x, 1e-9);
  EXPECT_NEAR(right.y, -left.y, 1e-9);
  EXPECT_NEAR(right.heading, -left.heading, 1e-9);
}

TEST(CarModel, DrivesCirclesAsABicycleDoes) {
  // Slow, so that the tyres hold: the turn a metre is tan(angle) / wheelbase.
  Motion motion{.speed = 2, .steering = 1};
  const Motion begin = motion;
  motion = driven(motion, {.steering = 1, .throttle = 0.2}, 0.5);
  EXPECT_NEAR(motion.heading - begin.heading, -2 * 0.5 * std::tan(kWheelAngle) / kWheelbase, 0.01);
}

TEST(CarModel, LetsTheWheelsLagBehindTheSteering) {
  const auto soon = driven(atTopSpeed(), {.steering = 1}, 0.05).steering;
  EXPECT_GT(soon, 0.3);
  EXPECT_LT(soon, 0.5);
  EXPECT_GT(driven(atTopSpeed(), {.steering = 1}, 0.5).steering, 0.99);
}

TEST(CarModel, IsSlowedByKerbsAndMoreByGrass) {
  const Controls full{.throttle = 1};
  const double kerb = driven(atTopSpeed(), full, 2, Ground::kKerb).speed;
  const double grass = driven(atTopSpeed(), full, 2, Ground::kGrass).speed;
  EXPECT_NEAR(kerb, topSpeedOn(Ground::kKerb), 0.1);
  EXPECT_NEAR(grass, topSpeedOn(Ground::kGrass), 0.1);
  EXPECT_LT(grass, kerb);
  EXPECT_LT(kerb, kTopSpeed);
}

TEST(CarModel, StaysWithinItsBoundsWhateverItIsTold) {
  std::mt19937 random(13);
  std::uniform_real_distribution<double> axis(-1, 1);
  Motion motion;
  for (int i = 0; i < 200'000; ++i) {
    const Controls controls{axis(random), i / 400 % 4 == 0 ? 0 : axis(random)};
    const auto ground = static_cast<Ground>(random() % 3);
    const auto next = step(motion, controls, ground);
    ASSERT_LE(next.speed, kTopSpeed);
    ASSERT_GE(next.speed, -kTopReverse);
    ASSERT_LE(std::abs(next.steering), 1);
    ASSERT_LE(std::abs(next.heading), M_PI);
    ASSERT_LE(std::hypot(next.x - motion.x, next.y - motion.y), kTopSpeed * kSeconds + 1e-9);
    const double turn = std::remainder(next.heading - motion.heading, 2 * M_PI) / kSeconds;
    ASSERT_LE(std::abs(turn) * std::max(std::abs(next.speed), 1.0), kGrip + 1e-6);
    if (controls.throttle == 0) {
      ASSERT_LE(std::abs(next.speed), std::abs(motion.speed));
    }
    motion = next;
  }
}

}  // namespace
}  // namespace rtcpub::sim
