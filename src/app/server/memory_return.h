#pragma once

#include "core/measure/idle_memory.h"
#include "net/event_loop.h"

namespace rtcpub {

/// Gives memory back to the system that was freed: of channels that ended, of connections that are
/// closed. Runs on: the loop, for some milliseconds at most every kInterval; never on the thread of
/// the media. Does nothing with other C libraries than glibc.
class MemoryReturn {
 public:
  static constexpr std::chrono::seconds kInterval{5};

  explicit MemoryReturn(net::EventLoop& loop) : timer_(loop) {}
  void start();
  void stop() { timer_.cancel(); }

 private:
  void look();

  IdleMemory idle_;
  net::EventLoop::Timer timer_;
};

}  // namespace rtcpub
