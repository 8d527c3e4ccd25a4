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

std::chrono::milliseconds Backoff::next() {
  const auto wait = mean_ * (1 - kJitter + 2 * kJitter * random_());
  mean_ = std::min(mean_ * kFactor, kLongest);
  return std::chrono::round<std::chrono::milliseconds>(wait);
}

}  // namespace rtcpub
