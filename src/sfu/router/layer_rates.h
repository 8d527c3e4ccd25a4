#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "rtcpub/clock.h"
#include "sfu/router/rate_meter.h"

namespace rtcpub::sfu {

/// VP9's descriptor has room for so many.
inline constexpr std::size_t kMaxTemporalLayers = 8;
inline constexpr std::uint8_t kHighestLayer = kMaxTemporalLayers - 1;

/// What each temporal layer of a stream takes.
class LayerRates {
 public:
  void add(std::uint8_t layer, std::size_t bytes, Time now);
  /// The highest layer that a path carries together with those below it: with room to spare for
  /// one above `current`, which is what it gets now.
  [[nodiscard]] std::uint8_t fitting(std::int64_t bitsPerSecond, std::uint8_t current,
                                     Time now) const;
  /// What the lowest layer takes of all; 1 where there are no layers.
  [[nodiscard]] double shareOfLowest(Time now) const;

 private:
  std::array<RateMeter, kMaxTemporalLayers> meters_;
};

}  // namespace rtcpub::sfu
