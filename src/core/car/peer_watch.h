#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::car {

/// What one of the two processes sees of the other by the memory that they share: whether it still
/// does its work.
///
/// Only time counts in which one was awake oneself: a machine that stood still as a whole
/// must not have its two processes kill each other.
///
/// Pure: the time never goes back.
class PeerWatch {
 public:
  /// How often each looks, and shows itself.
  static constexpr std::chrono::milliseconds kTick{10};
  /// Silent for so long while something moves: it is killed.
  static constexpr std::chrono::milliseconds kMostSilence{50};
  /// While nothing moves. A busy machine without real-time priority may take the longer one.
  static constexpr std::chrono::milliseconds kMostIdleSilence{500};
  /// What holds at the motors is over for so long, and they aren't at neutral: it is killed.
  static constexpr std::chrono::milliseconds kMostOverdue{50};
  /// Until it shows itself for the first time.
  static constexpr std::chrono::seconds kToStart{5};

  enum class Finding : std::uint8_t {
    kAlive,
    kLate,     ///< silent, but nothing moves, and nothing may begin to
    kSilent,   ///< stopped, or stuck
    kOverdue,  ///< it shows itself, but doesn't do its work
  };

  /// `beat` changes with each sign of life; 0: there was none yet. `moves`: the motors aren't at
  /// neutral. `movesUntil`: until when that holds which the peer has written to them, if it does.
  Finding look(Time now, std::int64_t beat, bool moves, std::optional<Time> movesUntil = {});

 private:
  std::optional<Time> lookedAt_;
  std::int64_t beat_ = 0;
  std::chrono::microseconds silence_{};
  std::chrono::microseconds overdue_{};
};

}  // namespace rtcpub::car
