#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::control {

/// Loop delays of the last 10 s. Pure.
class LoopDelay {
 public:
  static constexpr std::chrono::seconds kPeriod{10};

  /// `now` never goes back.
  void add(std::chrono::microseconds delay, Time now);
  /// Those of an earlier driver don't count.
  void clear() { samples_.clear(); }

  struct Quantiles {
    double p50Ms = 0;
    double p99Ms = 0;
  };
  /// Nothing when none came in the last 10 s.
  [[nodiscard]] std::optional<Quantiles> quantiles(Time now) const;

 private:
  struct Sample {
    Time at;
    std::chrono::microseconds delay;
  };
  /// Oldest first. 50 commands a second and what the server lets pass bound it: kMost.
  static constexpr std::size_t kMost = 2000;
  std::deque<Sample> samples_;
};

}  // namespace rtcpub::control
