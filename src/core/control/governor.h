#pragma once

#include <algorithm>
#include <chrono>

/// How fast one may drive by a picture that is late.
namespace rtcpub::control {

/// Germany's ordinance on remote driving (StVFernLV, in force since 2025-12-01) takes so much from
/// picture to effect; beyond it top speed falls, so that the way that is driven blind stays what it
/// is: v · 200 ms / delay.
inline constexpr std::chrono::milliseconds kLawfulDelay{200};

/// What is left of the top speed at this loop delay: above 0, up to 1.
inline double speedFactor(std::chrono::microseconds loopDelay) {
  const double allowed = std::chrono::duration<double>(kLawfulDelay).count();
  const double late = std::chrono::duration<double>(loopDelay).count();
  return late <= allowed ? 1.0 : allowed / late;
}

/// A value of -1 to 1 that makes fast, capped.
inline double capped(double value, double factor) { return std::clamp(value, -factor, factor); }

}  // namespace rtcpub::control
