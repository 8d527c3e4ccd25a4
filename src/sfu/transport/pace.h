#pragma once

#include <chrono>
#include <cstddef>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// Whether a client takes what is sent to it fast enough for others to wait for it. Pure.
class Pace {
 public:
  /// Time without progress after which nobody waits for it …
  static constexpr std::chrono::milliseconds kPatience{500};
  /// … and what is progress within that time: 256 kbit/s.
  static constexpr std::size_t kLeast = 16'000;

  /// Something waits for it, and nothing did before.
  void begin(Time now);
  /// It took so much.
  void onTaken(std::size_t bytes, Time now);
  /// Nothing waits any more.
  void end() { busy_ = false; }

  [[nodiscard]] bool keepsUp(Time now) const;

 private:
  void turnTo(Time now);

  bool busy_ = false;
  Time period_{};  // the begin of the one that runs
  std::size_t taken_ = 0;
  std::size_t takenBefore_ = 0;
};

}  // namespace rtcpub::sfu
