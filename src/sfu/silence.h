#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// How long nothing has come from a client. Only time in which the server looked counts: what came
/// while it stood still (a debugger, a paused container) has yet to be read. Pure.
class Silence {
 public:
  /// The server looks ten times a second; a gap beyond this is its own standstill.
  static constexpr std::chrono::milliseconds kLongestStep{500};

  /// `heard`: when anything came last, if ever. How long it has been silent.
  std::chrono::microseconds look(std::optional<Time> heard, Time now) {
    if (heard != heard_ || !looked_) {
      heard_ = heard;
      length_ = {};
    } else {
      length_ += std::clamp<Time::duration>(now - *looked_, Time::duration{}, kLongestStep);
    }
    looked_ = now;
    return length_;
  }

  [[nodiscard]] std::chrono::microseconds length() const { return length_; }

 private:
  std::optional<Time> heard_;
  std::optional<Time> looked_;
  std::chrono::microseconds length_{};
};

}  // namespace rtcpub::sfu
