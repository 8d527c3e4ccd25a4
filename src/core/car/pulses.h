#pragma once

#include <optional>

namespace rtcpub::car {

/// The pulses of a servo or a motor controller, in µs: at -1, 0 and 1. Either end may be the longer
/// one.
struct Pulses {
  int min = 1000;
  int centre = 1500;
  int max = 2000;

  friend bool operator==(const Pulses&, const Pulses&) = default;
};

/// One axis: which output of the chip it is, and its pulses.
struct PwmAxis {
  int channel = 0;
  Pulses pulses;

  friend bool operator==(const PwmAxis&, const PwmAxis&) = default;
};

/// What leads to both motors. Channels and frequency are as donkeycar has them.
struct PwmOptions {
  int frequency = 60;  ///< Hz
  PwmAxis steering{.channel = 1, .pulses = {}};
  PwmAxis throttle{.channel = 0, .pulses = {}};

  friend bool operator==(const PwmOptions&, const PwmOptions&) = default;
};

/// The pulse for a value of -1 to 1, in µs; what is beyond counts as the end.
double pulseUs(const Pulses& pulses, double value);

// SpiderCar's `maxSpeed` is the pulse of full throttle in parts of the period, of which there are
// 4096, as a PCA9685 counts them: 400 at 60 Hz are 1.6 ms.

inline constexpr int kPulseSteps = 4096;

/// Which part of the throttle that leaves, 0 to 1.
double throttleShare(const PwmOptions& options, int maxSpeed);

/// Those that leave some of it, and don't go beyond the throttle's pulses.
struct MaxSpeeds {
  int least = 0;
  int most = 0;
};
MaxSpeeds possibleMaxSpeeds(const PwmOptions& options);

/// The nearest of these; nothing: it would leave no speed at all.
std::optional<int> possibleMaxSpeed(const PwmOptions& options, int maxSpeed);

/// The one that leaves all.
int fullMaxSpeed(const PwmOptions& options);

}  // namespace rtcpub::car
