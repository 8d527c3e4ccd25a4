#include "core/car/pulses.h"

#include <algorithm>
#include <cmath>

namespace rtcpub::car {
namespace {

/// Of a PWM of this frequency, in µs.
double stepUs(int frequency) { return 1e6 / frequency / kPulseSteps; }

}  // namespace

double pulseUs(const Pulses& pulses, double value) {
  const double part = std::clamp(value, -1.0, 1.0);
  const int end = part < 0 ? pulses.min : pulses.max;
  return pulses.centre + std::abs(part) * (end - pulses.centre);
}

double throttleShare(const PwmOptions& options, int maxSpeed) {
  const auto& [min, centre, max] = options.throttle.pulses;
  const double pulse = maxSpeed * stepUs(options.frequency);
  return std::clamp((pulse - centre) / (max - centre), 0.0, 1.0);
}

MaxSpeeds possibleMaxSpeeds(const PwmOptions& options) {
  const auto& [min, centre, max] = options.throttle.pulses;
  const double step = stepUs(options.frequency);
  if (max > centre) {
    return {.least = static_cast<int>(std::floor(centre / step)) + 1,
            .most = static_cast<int>(std::floor(max / step))};
  }
  return {.least = static_cast<int>(std::ceil(max / step)),
          .most = static_cast<int>(std::ceil(centre / step)) - 1};
}

std::optional<int> possibleMaxSpeed(const PwmOptions& options, int maxSpeed) {
  if (throttleShare(options, maxSpeed) <= 0) return std::nullopt;
  const auto [least, most] = possibleMaxSpeeds(options);
  return std::clamp(maxSpeed, least, most);
}

int fullMaxSpeed(const PwmOptions& options) {
  const auto& pulses = options.throttle.pulses;
  const auto [least, most] = possibleMaxSpeeds(options);
  return pulses.max > pulses.centre ? most : least;
}

}  // namespace rtcpub::car
