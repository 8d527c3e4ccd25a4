#include "sfu/router/key_frame_limiter.h"

namespace rtcpub::sfu {

void KeyFrameLimiter::reset() { *this = KeyFrameLimiter(); }

bool KeyFrameLimiter::request(Time now) {
  if (!lastSent_ || now - *lastSent_ >= kMinInterval) return send(now);
  pending_ = true;
  return false;
}

void KeyFrameLimiter::onKeyFrame() {
  pending_ = false;
  unanswered_ = false;
}

std::optional<Time> KeyFrameLimiter::deadline(bool someoneWaits) const {
  if (pending_) return *lastSent_ + kMinInterval;
  if (unanswered_ && someoneWaits) return *lastSent_ + kRetryInterval;
  return std::nullopt;
}

bool KeyFrameLimiter::onTime(Time now, bool someoneWaits) {
  const auto due = deadline(someoneWaits);
  return due && now >= *due && send(now);
}

bool KeyFrameLimiter::send(Time now) {
  lastSent_ = now;
  pending_ = false;
  unanswered_ = true;
  return true;
}

}  // namespace rtcpub::sfu
