#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/clock.h"

namespace rtcpub::car {

/// Tells systemd how it is (sd_notify(3)): a datagram to $NOTIFY_SOCKET. Without that, nothing.
/// Runs on: the thread whose work it is about.
class ServiceNotice {
 public:
  /// Reads the environment.
  ServiceNotice();

  /// "READY=1", "STATUS=…", "STOPPING=1".
  void tell(std::string_view what) const;
  /// Tells the watchdog four times in its period.
  void alive(Time now);

 private:
  std::string socket_;
  std::optional<std::chrono::microseconds> interval_;
  Time next_{};
};

}  // namespace rtcpub::car
