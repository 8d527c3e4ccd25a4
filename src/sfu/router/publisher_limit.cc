#include "sfu/router/publisher_limit.h"

namespace rtcpub::sfu {

std::optional<std::int64_t> PublisherLimit::next(std::optional<std::int64_t> limit, Time now) {
  if (!limit && lifts_ == 0) return std::nullopt;
  const std::int64_t rate = limit.value_or(kUnlimited);
  if (!isDue(rate, now)) return std::nullopt;
  lifts_ = limit ? kLifts : lifts_ - 1;
  told_ = rate;
  toldAt_ = now;
  return rate;
}

bool PublisherLimit::isDue(std::int64_t limit, Time now) const {
  const bool changed = limit * 20 < told_ * 19 || limit * 10 > told_ * 11;
  return now - toldAt_ >= (changed ? kLeast : kRepeat);
}

}  // namespace rtcpub::sfu
