#include "core/limits/rate_limit.h"

#include <algorithm>

namespace rtcpub {

RateLimit::RateLimit(std::size_t most, Time::duration period)
    : period_(period), turns_(most, Time::min()) {}

std::optional<Time> RateLimit::take(Time now, Time::duration patience) {
  Time& oldest = turns_[oldest_];
  const Time turn = oldest == Time::min() ? now : std::max(now, oldest + period_);
  if (turn > now + patience) return std::nullopt;
  oldest = turn;
  oldest_ = (oldest_ + 1) % turns_.size();
  return turn;
}

bool RateLimit::idle(Time now) const {
  return std::ranges::all_of(
      turns_, [&](Time turn) { return turn == Time::min() || turn + period_ <= now; });
}

}  // namespace rtcpub
