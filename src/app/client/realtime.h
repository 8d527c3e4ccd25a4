#pragma once

#include <string>

namespace rtcpub {

/// Whether a thread runs before all that has no real-time priority.
struct Realtime {
  bool granted = false;
  std::string detail;  ///< for people: which priority, or why there is none and how to permit it
};

/// Asks the system for it, for the thread that calls (sched(7): SCHED_FIFO). What that thread
/// starts doesn't have it.
Realtime askForRealtime();

}  // namespace rtcpub
