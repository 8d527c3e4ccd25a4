#include "sfu/router/layer_rates.h"

#include <algorithm>

namespace rtcpub::sfu {
namespace {

// Percent of what the path carries. The rest is for retransmissions, and for a path that is known
// a little too well; the distance keeps a viewer from going up and down.
constexpr std::int64_t kKept = 90;
constexpr std::int64_t kTaken = 75;

}  // namespace

void LayerRates::add(std::uint8_t layer, std::size_t bytes, Time now) {
  meters_[std::min(layer, kHighestLayer)].add(bytes, now);
}

std::uint8_t LayerRates::fitting(std::int64_t bitsPerSecond, std::uint8_t current, Time now) const {
  std::int64_t sum = meters_[0].bitsPerSecond(now);
  for (std::uint8_t layer = 1; layer <= kHighestLayer; ++layer) {
    sum += meters_[layer].bitsPerSecond(now);
    if (sum * 100 > bitsPerSecond * (layer > current ? kTaken : kKept)) return layer - 1;
  }
  return kHighestLayer;
}

double LayerRates::shareOfLowest(Time now) const {
  std::int64_t sum = 0;
  for (const auto& meter : meters_) sum += meter.bitsPerSecond(now);
  if (sum == 0) return 1;
  return static_cast<double>(meters_[0].bitsPerSecond(now)) / static_cast<double>(sum);
}

}  // namespace rtcpub::sfu
