#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "rtcpub/clock.h"
#include "rtcpub/stats.h"

namespace rtcpub {

/// Counts frames as they arrive and tells rate, freezes and latency over the last second. Pure.
class VideoMeter {
 public:
  /// A frame, and how old it was if that is known.
  void onFrame(int width, int height, Time now, std::optional<double> ageMs);
  [[nodiscard]] double fps(Time now) const;
  [[nodiscard]] std::uint64_t frames() const;
  [[nodiscard]] std::uint64_t freezes() const;
  [[nodiscard]] int width() const;
  [[nodiscard]] int height() const;
  /// Percentiles (nearest rank) over the last second; nothing when no frame of it had an age.
  [[nodiscard]] std::optional<LatencyStats> latency(Time now) const;

 private:
  struct Arrival {
    Time at;
    std::optional<double> ageMs;
  };
  void onInterval(std::chrono::microseconds interval);

  std::deque<Arrival> lastSecond_;
  std::deque<std::chrono::microseconds> intervals_;  // the last 30
  std::uint64_t frames_ = 0;
  std::uint64_t freezes_ = 0;
  int width_ = 0;
  int height_ = 0;
};

}  // namespace rtcpub
