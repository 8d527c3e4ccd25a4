#pragma once

#include <chrono>

/// A simulated car on a simulated road, and how it is drawn. Pure.
namespace rtcpub::sim {

/// What the car is told: -1 (left, back) to 1 (right, forward). What isn't named is at 0.
struct Controls {
  double steering = 0;
  double throttle = 0;

  friend bool operator==(const Controls&, const Controls&) = default;
};

/// What the wheels stand on.
enum class Ground { kAsphalt, kKerb, kGrass };

/// How the car stands and moves: its rear axle's middle.
struct Motion {
  double x = 0;         ///< metres, to the east
  double y = 0;         ///< metres, to the north
  double heading = 0;   ///< radians, anticlockwise from the east
  double speed = 0;     ///< metres a second; below 0: backwards
  double steering = 0;  ///< of the wheels, -1 (left) to 1 (right) of their largest angle

  friend bool operator==(const Motion&, const Motion&) = default;
};

inline constexpr std::chrono::microseconds kStep{5000};  ///< 200 Hz
inline constexpr double kTopSpeed = 10;                  ///< metres a second, on asphalt
inline constexpr double kTopReverse = 3;                 ///< likewise, backwards
inline constexpr double kFriction = 8;                   ///< metres a second squared, at neutral
inline constexpr double kBrakes = 14;                    ///< likewise, at opposite throttle
inline constexpr double kWheelbase = 1.6;                ///< metres
inline constexpr double kWheelAngle = 0.45;              ///< radians, at full steering
inline constexpr double kGrip = 9;                       ///< metres a second squared, to the side

/// How fast it may be on such ground.
[[nodiscard]] double topSpeedOn(Ground ground);

/// The car kStep later: a bicycle model whose wheels follow the steering with a lag of 0.1 s, whose
/// tyres hold no more than kGrip, and which rolls to a halt when nobody drives.
[[nodiscard]] Motion step(const Motion& motion, const Controls& controls, Ground ground);

}  // namespace rtcpub::sim
