#include "core/limits/rate_limit.h"

#include <algorithm>

namespace rtcpub {

RateLimit::RateLimit(std::size_t most, Time::duration period)
    : period_(period), turns_(most, Time::min()) {}

std::optional<Time> RateLimit::take(Time now, Time::duration patience) {
  const Time turn = next(now);
  if (turn > now + patience) return std::nullopt;
  turns_[oldest_] = turn;
  oldest_ = (oldest_ + 1) % turns_.size();
  return turn;
}

Time RateLimit::next(Time now) const {
  const Time oldest = turns_[oldest_];
  return oldest == Time::min() ? now : std::max(now, oldest + period_);
}

bool RateLimit::idle(Time now) const {
  return std::ranges::all_of(
      turns_, [&](Time turn) { return turn == Time::min() || turn + period_ <= now; });
}

}  // namespace rtcpub
