#include "log/occasional_warning.h"

#include <utility>

#include "log/log.h"

namespace rtcpub {

void OccasionalWarning::warn(const std::string& text, Time now) {
  constexpr std::chrono::seconds kInterval{10};
  if (now < next_) {
    ++suppressed_;
    return;
  }
  next_ = now + kInterval;
  const int suppressed = std::exchange(suppressed_, 0);
  if (suppressed == 0) {
    log().warn("{}", text);
  } else {
    log().warn("{} ({} more of these before)", text, suppressed);
  }
}

}  // namespace rtcpub
