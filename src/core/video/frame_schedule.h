#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "rtcpub/clock.h"

namespace rtcpub {

/// When a source that makes its pictures itself makes the next one. Each one's time is counted from
/// the beginning, so nothing drifts; after a hold-up, of a suspended machine say, those that were
/// missed are left out. Pure.
class FrameSchedule {
 public:
  /// The first picture is made at once. `fps` is 1 or more.
  FrameSchedule(Time begin, int fps) : begin_(begin), fps_(fps) {}

  /// When the next one is due, `now` that one has been made.
  [[nodiscard]] Time next(Time now) {
    constexpr std::chrono::microseconds kSecond = std::chrono::seconds(1);
    slot_ = std::max(slot_ + 1, (now - begin_) * fps_ / kSecond);
    return begin_ + kSecond * slot_ / fps_;
  }

 private:
  Time begin_;
  int fps_;
  std::int64_t slot_ = 0;
};

}  // namespace rtcpub
