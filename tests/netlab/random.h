#pragma once

#include <cstdint>
#include <random>

namespace netlab {

/// Numbers that are the same for the same seed on every machine; std::uniform_real_distribution's
/// are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// From 0 up to, not including, 1.
  double next() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  /// Whether something of this probability happens. Draws nothing when it can't, so that switching
  /// one impairment on doesn't move another.
  bool happens(double probability) { return probability > 0 && next() < probability; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace netlab
