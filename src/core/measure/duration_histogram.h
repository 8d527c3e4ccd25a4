#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace rtcpub {

/// Counts durations by their length, for as long as the program runs. They are whole microseconds,
/// so nothing that isn't finite ever gets into the sum. A value: copy it to read it elsewhere.
/// Pure.
class DurationHistogram {
 public:
  /// The upper bounds of the buckets, each included; longer ones are counted in the sum alone.
  static constexpr std::array<std::chrono::microseconds, 12> kBounds{
      std::chrono::microseconds(1000),    std::chrono::microseconds(2500),
      std::chrono::microseconds(5000),    std::chrono::microseconds(10000),
      std::chrono::microseconds(25000),   std::chrono::microseconds(50000),
      std::chrono::microseconds(100000),  std::chrono::microseconds(250000),
      std::chrono::microseconds(500000),  std::chrono::microseconds(1000000),
      std::chrono::microseconds(2500000), std::chrono::microseconds(5000000)};

  /// Less than nothing, as a clock may make of it, counts as nothing.
  void observe(std::chrono::microseconds duration) {
    duration = std::max(duration, std::chrono::microseconds(0));
    const auto bucket = std::lower_bound(kBounds.begin(), kBounds.end(), duration);
    if (bucket != kBounds.end()) ++inBucket_[static_cast<std::size_t>(bucket - kBounds.begin())];
    ++count_;
    sum_ += duration;
  }

  /// How many were no longer than `kBounds[bound]`.
  [[nodiscard]] std::uint64_t upTo(std::size_t bound) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i <= bound; ++i) sum += inBucket_[i];
    return sum;
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::chrono::microseconds sum() const { return sum_; }

 private:
  std::array<std::uint64_t, kBounds.size()> inBucket_{};
  std::uint64_t count_ = 0;
  std::chrono::microseconds sum_{};
};

}  // namespace rtcpub
