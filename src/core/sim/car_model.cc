#include "core/sim/car_model.h"

#include <algorithm>
#include <cmath>

namespace rtcpub::sim {
namespace {

constexpr double kSeconds = std::chrono::duration<double>(kStep).count();
constexpr double kSteeringLag = 0.1;   // seconds
constexpr double kAcceleration = 5;    // metres a second squared, at most
constexpr double kMotorLag = 0.4;      // seconds: the closer to what is wanted, the less it pulls
constexpr double kGroundFriction = 6;  // metres a second squared, beside the asphalt

double toward(double value, double target, double most) {
  return value + std::clamp(target - value, -most, most);
}

double frictionOn(Ground ground) {
  return kFriction + (ground == Ground::kAsphalt ? 0 : kGroundFriction);
}

/// The speed that comes of the throttle in the end.
double wantedSpeed(double throttle, Ground ground) {
  const double most = topSpeedOn(ground);
  return std::clamp(throttle * (throttle > 0 ? kTopSpeed : kTopReverse), -most, most);
}

double nextSpeed(double speed, double throttle, Ground ground) {
  const double wanted = wantedSpeed(throttle, ground);
  if (throttle * speed < 0) return toward(speed, 0, kBrakes * kSeconds);
  if (std::abs(wanted) < std::abs(speed)) {
    return toward(speed, wanted, frictionOn(ground) * kSeconds);
  }
  const double pull = std::min(kAcceleration, std::abs(wanted - speed) / kMotorLag);
  return toward(speed, wanted, pull * kSeconds);
}

}  // namespace

double topSpeedOn(Ground ground) {
  switch (ground) {
    case Ground::kAsphalt:
      return kTopSpeed;
    case Ground::kKerb:
      return 0.75 * kTopSpeed;
    case Ground::kGrass:
      return 0.35 * kTopSpeed;
  }
  return kTopSpeed;
}

Motion step(const Motion& motion, const Controls& controls, Ground ground) {
  Motion next = motion;
  next.steering += (controls.steering - motion.steering) * (1 - std::exp(-kSeconds / kSteeringLag));
  next.speed = nextSpeed(motion.speed, controls.throttle, ground);
  const double curvature = std::tan(-next.steering * kWheelAngle) / kWheelbase;
  const double mostTurn = kGrip / std::max(std::abs(next.speed), 1.0);
  const double turn = std::clamp(next.speed * curvature, -mostTurn, mostTurn) * kSeconds;
  const double course = motion.heading + turn / 2;
  next.x += std::cos(course) * next.speed * kSeconds;
  next.y += std::sin(course) * next.speed * kSeconds;
  next.heading = std::remainder(motion.heading + turn, 2 * M_PI);
  return next;
}

}  // namespace rtcpub::sim
