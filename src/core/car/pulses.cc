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

int possibleMaxSpeed(const PwmOptions& options, int maxSpeed) {
  const auto& [min, centre, max] = options.throttle.pulses;
  const double step = stepUs(options.frequency);
  const int least = static_cast<int>(std::ceil(std::min(centre, max) / step));
  const int most = static_cast<int>(std::floor(std::max(centre, max) / step));
  return std::clamp(maxSpeed, least, most);
}

}  // namespace rtcpub::car
