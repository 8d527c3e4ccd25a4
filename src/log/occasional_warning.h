#pragma once

#include <string>

#include "rtcpub/clock.h"

namespace rtcpub {

/// Lets a warning through every ten seconds, so that a flood of what it warns of isn't one of
/// lines. Runs on: one thread at a time.
class OccasionalWarning {
 public:
  void warn(const std::string& text, Time now);

 private:
  Time next_{};
  int suppressed_ = 0;
};

}  // namespace rtcpub
