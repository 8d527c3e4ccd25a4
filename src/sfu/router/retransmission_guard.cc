#include "sfu/router/retransmission_guard.h"

namespace rtcpub::sfu {

bool RetransmissionGuard::allow(std::uint16_t sequenceNumber, Time now) {
  Sent& sent = recent_[sequenceNumber % recent_.size()];
  const bool known = sent.time != Time::min() && sent.sequenceNumber == sequenceNumber;
  if (known && now - sent.time < kInterval) return false;
  if (!withinRate(now)) return false;
  sent = {.sequenceNumber = sequenceNumber, .time = now};
  return true;
}

bool RetransmissionGuard::withinRate(Time now) {
  if (second_ == Time::min() || now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    count_ = 0;
  }
  return count_++ < kMaxPerSecond;
}

}  // namespace rtcpub::sfu
