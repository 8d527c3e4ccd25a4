#pragma once

#include <algorithm>
#include <cmath>

#include "core/sim/road.h"
#include "core/sim/simulation.h"

namespace rtcpub::sim {

/// A driver for tests: steers at a point of the road ahead (pure pursuit), and brakes for bends.
inline Controls pursue(const Road& road, const Motion& car, double distance) {
  constexpr double kSideways = 6;  // metres a second squared that it dares
  const auto target = road.at(distance + 5 + 0.4 * std::abs(car.speed));
  const double way = std::hypot(target.x - car.x, target.y - car.y);
  const double angle = std::atan2(target.y - car.y, target.x - car.x) - car.heading;
  const double wheels = std::atan(kWheelbase * 2 * std::sin(angle) / way);
  double sharpest = 1e-3;
  for (int ahead = 0; ahead < 10; ++ahead) {
    sharpest = std::max(sharpest, std::abs(road.at(distance + ahead).curvature));
  }
  const double speed = std::min(kTopSpeed, std::sqrt(kSideways / sharpest));
  return {.steering = std::clamp(-wheels / kWheelAngle, -1.0, 1.0),
          .throttle = car.speed > speed + 0.5 ? -0.5 : speed / kTopSpeed};
}

inline Controls pursue(const Simulation& simulation) {
  return pursue(simulation.road(), simulation.motion(), simulation.place().distance);
}

}  // namespace rtcpub::sim
