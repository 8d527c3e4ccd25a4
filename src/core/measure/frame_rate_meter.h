#pragma once

#include <deque>

#include "rtcpub/clock.h"

namespace rtcpub {

/// How many pictures come a second, by the times of the last of them: an encoder shares its bitrate
/// out by it from the first pictures on. Pure.
class FrameRateMeter {
 public:
  explicit FrameRateMeter(double nominal) : nominal_(nominal) {}

  void onFrame(Time time);

  /// The nominal rate until enough have come, and after a pause.
  [[nodiscard]] double fps() const;

 private:
  double nominal_;
  std::deque<Time> times_;
};

}  // namespace rtcpub
