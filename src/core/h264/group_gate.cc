#include "core/h264/group_gate.h"

#include <algorithm>
#include <chrono>

namespace rtcpub {
namespace {

// As much as a driver can bear for a moment: a key frame alone may take most of it.
constexpr double kMaxWaitingSeconds = 0.4;

}  // namespace

bool GroupGate::pass(bool keyFrame, std::size_t bytes, Time now) {
  drain(now);
  if (!open_ && !keyFrame) return false;
  if (!fits(bytes)) {
    // Counted once for each key frame and what depends on it.
    if (open_ || keyFrame) ++droppedGroups_;
    open_ = false;
    return false;
  }
  open_ = true;
  waitingBits_ += static_cast<double>(bytes) * 8;
  return true;
}

void GroupGate::drain(Time now) {
  if (last_ && now > *last_) {
    const double seconds = std::chrono::duration<double>(now - *last_).count();
    waitingBits_ = std::max(0.0, waitingBits_ - seconds * kbps_ * 1000);
  }
  last_ = now;
}

// Something always goes when nothing waits, however large it is.
bool GroupGate::fits(std::size_t bytes) const {
  return waitingBits_ == 0 ||
         waitingBits_ + static_cast<double>(bytes) * 8 <= kMaxWaitingSeconds * kbps_ * 1000;
}

}  // namespace rtcpub
