#include "core/backoff.h"

#include <algorithm>

namespace rtcpub {
namespace {

constexpr std::chrono::duration<double, std::milli> kLongest{10'000};
constexpr double kFactor = 1.6;
/// A wait is that much shorter or longer than its mean, at most.
constexpr double kJitter = 0.2;

}  // namespace

std::chrono::milliseconds Backoff::next() {
  const auto wait = mean_ * (1 - kJitter + 2 * kJitter * random_());
  mean_ = std::min(mean_ * kFactor, kLongest);
  return std::chrono::round<std::chrono::milliseconds>(wait);
}

}  // namespace rtcpub
