#pragma once

#include <chrono>

#include "core/measure/duration_histogram.h"
#include "net/event_loop.h"
#include "rtcpub/clock.h"

namespace rtcpub {

/// Measures how much later than due a loop comes to what is due, four times a second. Runs on: the
/// loop.
class LoopLag {
 public:
  static constexpr std::chrono::milliseconds kInterval{250};

  explicit LoopLag(net::EventLoop& loop) : timer_(loop) {}
  void start();
  void stop() { timer_.cancel(); }

  [[nodiscard]] const DurationHistogram& histogram() const { return histogram_; }

 private:
  DurationHistogram histogram_;
  net::EventLoop::Timer timer_;
};

}  // namespace rtcpub
