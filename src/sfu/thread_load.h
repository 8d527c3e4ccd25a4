#pragma once

#include <cstdint>

#include "rtcpub/clock.h"
#include "sfu/transport/owned_descriptor.h"

namespace rtcpub::sfu {

/// How busy a thread is: for what share of the time it ran, or was ready to and had to wait for a
/// core. The kernel counts both (/proc/…/schedstat); where it doesn't, the time that it ran.
/// Runs on: that thread.
class ThreadLoad {
 public:
  /// Of the calling thread.
  ThreadLoad();
  /// Since the last call, from 0 to 1; 0 the first time.
  [[nodiscard]] double measure(Time now);

 private:
  [[nodiscard]] std::int64_t wantedNs() const;

  OwnedDescriptor schedstat_;
  Time measuredAt_{};
  std::int64_t wantedBefore_ = 0;
};

}  // namespace rtcpub::sfu
