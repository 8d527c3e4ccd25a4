#include "core/session/backoff.h"

#include <algorithm>

namespace rtcpub {
namespace {

constexpr std::chrono::duration<double, std::milli> kLongest{10'000};
/// The next attempt comes a tenth of the time later that the server has been away, on average half
/// of that: one that takes 5 s to start has its clients back half a second after.
constexpr double kFactor = 1.1;
/// A wait is that much shorter or longer than its mean, at most.
constexpr double kJitter = 0.2;

}  // namespace

std::chrono::milliseconds Backoff::next(std::chrono::milliseconds atLeast) {
  const double random = random_();
  const auto own = mean_ * (1 - kJitter + 2 * kJitter * random);
  const auto told = atLeast * (1 + kJitter * random);
  mean_ = std::min(mean_ * kFactor, kLongest);
  return std::chrono::round<std::chrono::milliseconds>(std::max(own, told));
}

}  // namespace rtcpub
