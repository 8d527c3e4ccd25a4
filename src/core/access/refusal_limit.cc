#include "core/access/refusal_limit.h"

#include "core/limits/offer_limits.h"

namespace rtcpub {
namespace {

/// Never 0, which would read as "at once".
std::chrono::seconds roundedUp(Time::duration wait) {
  return std::chrono::ceil<std::chrono::seconds>(wait);
}

}  // namespace

std::optional<std::chrono::seconds> RefusalLimit::onRefused(std::string_view address, Time now) {
  const NetworkKey network = networkOf(address);
  auto found = networks_.find(network);
  if (found == networks_.end()) {
    if (networks_.size() == kMaxNetworks) {
      networks_.erase(order_.front().key);
      order_.pop_front();
    }
    order_.push_back({.key = network});
    found = networks_.emplace(network, std::prev(order_.end())).first;
  }
  order_.splice(order_.end(), order_, found->second);
  RateLimit& limit = found->second->refusals;
  if (limit.take(now, Time::duration::zero())) return std::nullopt;
  return roundedUp(limit.next(now) - now);
}

std::optional<std::chrono::seconds> RefusalLimit::wait(std::string_view address, Time now) const {
  const auto found = networks_.find(networkOf(address));
  if (found == networks_.end()) return std::nullopt;
  const Time next = found->second->refusals.next(now);
  return next <= now ? std::nullopt : std::optional(roundedUp(next - now));
}

bool RefusalLimit::wasRefused(std::string_view address, Time now) const {
  const auto found = networks_.find(networkOf(address));
  return found != networks_.end() && !found->second->refusals.idle(now);
}

bool RefusalLimit::mayTry(std::string_view address, Time now) {
  const auto found = networks_.find(networkOf(address));
  if (found == networks_.end() || found->second->refusals.next(now) <= now) return true;
  return found->second->tries.take(now, Time::duration::zero()).has_value();
}

}  // namespace rtcpub
