#include "core/control/loop_delay.h"

#include <algorithm>
#include <vector>

namespace rtcpub::control {

void LoopDelay::add(std::chrono::microseconds delay, Time now) {
  while (!samples_.empty() && (now - samples_.front().at > kPeriod || samples_.size() >= kMost)) {
    samples_.pop_front();
  }
  samples_.push_back({now, delay});
}

std::optional<LoopDelay::Quantiles> LoopDelay::quantiles(Time now) const {
  std::vector<std::chrono::microseconds> delays;
  for (const auto& [at, delay] : samples_) {
    if (now - at <= kPeriod) delays.push_back(delay);
  }
  if (delays.empty()) return std::nullopt;
  std::sort(delays.begin(), delays.end());
  const auto quantile = [&](std::size_t percent) {
    const auto delay = delays[(delays.size() - 1) * percent / 100];
    return std::chrono::duration<double, std::milli>(delay).count();
  };
  return Quantiles{.p50Ms = quantile(50), .p99Ms = quantile(99)};
}

}  // namespace rtcpub::control
