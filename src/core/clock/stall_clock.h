#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub {

/// Time as an encoder sees it: it passes while pictures come. Between two of them no more than
/// kLongestStep counts, since then the camera paused or the whole process stood still (a debugger,
/// a container that is paused, a virtual machine on the move), which is no fault of an encoder's.
/// Pure.
class StallClock {
 public:
  static constexpr std::chrono::milliseconds kLongestStep{500};

  /// A picture is put in. What the clock shows from now on; it starts at 0.
  std::chrono::microseconds onPicture(Time now) {
    if (last_) shown_ += std::clamp<Time::duration>(now - *last_, Time::duration{}, kLongestStep);
    last_ = now;
    return shown_;
  }

 private:
  std::optional<Time> last_;
  std::chrono::microseconds shown_{};
};

}  // namespace rtcpub
