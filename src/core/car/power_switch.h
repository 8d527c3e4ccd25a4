#pragma once

#include <chrono>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::car {

/// Neutral is written for so long before pulses or power end: some periods, so that motor and servo
/// get it.
inline constexpr std::chrono::milliseconds kHold{100};

/// When a pin gives the motors power: while somebody may drive, and until they have got neutral.
/// Pure: the time never goes back.
class PowerSwitch {
 public:
  /// Whether the power is to be on. Once it isn't allowed any more the motors are at neutral.
  bool onTime(bool allowed, Time now) {
    if (allowed) {
      on_ = true;
      offAt_.reset();
    } else if (on_) {
      if (!offAt_) offAt_ = now + kHold;
      on_ = now < *offAt_;
    }
    return on_;
  }
  /// Neutral can't be written: at once.
  void cut() { on_ = false; }

 private:
  bool on_ = false;
  std::optional<Time> offAt_;
};

}  // namespace rtcpub::car
