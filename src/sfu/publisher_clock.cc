#include "sfu/publisher_clock.h"

#include <algorithm>

namespace rtcpub::sfu {

std::string PublisherClock::ask(Time now) {
  const std::int64_t t0 = now.time_since_epoch().count();
  asked_[next_] = t0;
  next_ = (next_ + 1) % asked_.size();
  return clock_sync::format(clock_sync::Request{t0});
}

std::optional<std::chrono::microseconds> PublisherClock::onReply(const clock_sync::Reply& reply,
                                                                 Time now) {
  const auto asked = std::find(asked_.begin(), asked_.end(), reply.t0Us);
  if (reply.t0Us == 0 || asked == asked_.end()) return std::nullopt;
  *asked = 0;  // one answer to a question
  estimator_.add(reply, now);
  return now.time_since_epoch() - std::chrono::microseconds(reply.t0Us);
}

std::optional<std::int64_t> PublisherClock::offsetUs(Time now) const {
  return estimator_.offsetUs(now);
}

}  // namespace rtcpub::sfu
