#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// Whether it is worth asking a publisher for what was lost. After an outage or a sudden fall of
/// its bandwidth so much is missing that repeating it would take longer than a key frame, on a path
/// that has no room for it.
class RepairBudget {
 public:
  /// A key frame, from being asked for to being here, takes about as long.
  static constexpr std::chrono::milliseconds kKeyFrame{250};

  void onReceived(Time now);
  /// So many packets are missing that weren't before, or still. Returns whether to ask for them;
  /// otherwise a key frame is the quicker way on.
  [[nodiscard]] bool onMissing(std::size_t packets, Time now);

 private:
  struct Event {
    Time at{};
    std::size_t missing = 0;
    std::size_t received = 0;
  };
  void add(const Event& event);

  std::deque<Event> window_;
  std::size_t missing_ = 0;
  std::size_t received_ = 0;
};

}  // namespace rtcpub::sfu
