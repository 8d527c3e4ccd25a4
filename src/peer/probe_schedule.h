#pragma once

#include <chrono>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::peer {

/// When to send a few packets faster than the estimate allows, to find out whether the path carries
/// more: libwebrtc's own estimate climbs by 8 % a second where nobody asks.
///
/// Pure: times are arguments.
class ProbeSchedule {
 public:
  /// What a decision depends on.
  struct Situation {
    int estimateKbps = 0;
    int wantedKbps = 0;  ///< the most that the video may take
    int sentKbps = 0;
    std::chrono::microseconds queueing{};
    double loss = 0;
  };

  /// The rate of a probe that is to be sent now, in kbit/s.
  [[nodiscard]] std::optional<int> due(const Situation& situation, Time now);

 private:
  /// Looks at what became of the last probe, and at falls.
  void learn(int estimateKbps, Time now);

  Time next_{};
  std::chrono::milliseconds interval_{0};
  int before_ = 0;    ///< the last estimate
  int probedAt_ = 0;  ///< the estimate when the last probe was sent; 0: its outcome is known
  Time outcomeAt_{};  ///< when its outcome counts
};

}  // namespace rtcpub::peer
