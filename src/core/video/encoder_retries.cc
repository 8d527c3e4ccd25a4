#include "core/video/encoder_retries.h"

#include <algorithm>

namespace rtcpub {

void EncoderRetries::onFailure(const std::string& encoder, Time now) {
  const auto [known, isNew] = failures_.try_emplace(encoder);
  auto& [retryAt, wait] = known->second;
  if (!isNew && !retryAt) return;
  const bool worked = !isNew && now - *retryAt > wait;
  wait = isNew || worked ? kFirst : std::min(2 * wait, kLongest);
  retryAt = now + wait;
}

void EncoderRetries::forget(const std::string& encoder) { failures_[encoder] = {}; }

bool EncoderRetries::mayTry(const std::string& encoder, Time now) const {
  const auto known = failures_.find(encoder);
  return known == failures_.end() || (known->second.retryAt && now >= *known->second.retryAt);
}

}  // namespace rtcpub
