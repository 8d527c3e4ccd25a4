#include "sfu/transport/pace.h"

namespace rtcpub::sfu {

void Pace::begin(Time now) {
  if (busy_) return;
  busy_ = true;
  period_ = now;
  taken_ = 0;
  takenBefore_ = kLeast;  // it gets its time first
}

void Pace::turnTo(Time now) {
  if (now - period_ < kPatience) return;
  takenBefore_ = now - period_ < 2 * kPatience ? taken_ : 0;
  taken_ = 0;
  period_ = now;
}

void Pace::onTaken(std::size_t bytes, Time now) {
  turnTo(now);
  taken_ += bytes;
}

bool Pace::keepsUp(Time now) const {
  if (!busy_ || taken_ >= kLeast) return !busy_ || now - period_ < 2 * kPatience;
  return now - period_ < kPatience && takenBefore_ >= kLeast;
}

}  // namespace rtcpub::sfu
