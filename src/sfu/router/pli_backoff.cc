#include "sfu/router/pli_backoff.h"

#include <algorithm>

namespace rtcpub::sfu {

bool PliBackoff::request(Time now) {
  const bool anew = !lastAsked_ || now - *lastAsked_ >= kPause;
  lastAsked_ = now;
  if (anew) {
    wait_ = {};
    answered_ = false;
  }
  if (now - lastPassed_ >= wait_) return pass(now);
  pending_ = true;
  return false;
}

std::optional<Time> PliBackoff::deadline() const {
  return pending_ ? std::optional(lastPassed_ + wait_) : std::nullopt;
}

bool PliBackoff::onTime(Time now) {
  const auto due = deadline();
  return due && now >= *due && pass(now);
}

bool PliBackoff::pass(Time now) {
  lastPassed_ = now;
  pending_ = false;
  // Without an answer it is no wonder that it asks again: the limiter knows how often that may be.
  if (answered_) wait_ = std::clamp(2 * wait_, kFirstWait, kMostWait);
  answered_ = false;
  return true;
}

}  // namespace rtcpub::sfu
