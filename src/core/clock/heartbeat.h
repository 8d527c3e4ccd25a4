#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

#include "rtcpub/clock.h"

namespace rtcpub {

/// A thread says that it runs, at an even interval; others see how late it is.
class Heartbeat {
 public:
  explicit Heartbeat(Time::duration interval) : interval_(interval) {}

  /// The watched thread.
  void beat(Time now) { last_ = now.time_since_epoch().count(); }

  /// For how long the last beat has been overdue, 0 when it isn't. Any thread.
  [[nodiscard]] Time::duration late(Time now) const {
    const Time last{Time::duration(last_.load())};
    if (last == Time{}) return {};  // it has not begun
    return std::max(Time::duration{}, now - last - interval_);
  }

 private:
  const Time::duration interval_;
  std::atomic<Time::rep> last_ = 0;
};

}  // namespace rtcpub
