#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/access/channel_patterns.h"
#include "rtcpub/clock.h"
#include "rtcpub/rights.h"

namespace rtcpub {

/// A time that tokens speak of: the system's, which may be set.
using UnixTime = std::chrono::sys_time<std::chrono::microseconds>;

/// The time by both clocks: rights end by either.
struct AccessTime {
  Time monotonic;
  UnixTime unixTime;
};

/// What somebody who was admitted may do.
struct Grant {
  Rights rights;
  std::string name;  ///< of who it is, for people; empty: unknown
  /// The rights end then; nothing: they don't. As the token says, and by the clock that nobody
  /// sets: whichever comes first counts, since that one stands still while the machine sleeps.
  std::optional<UnixTime> expires{};
  std::optional<Time> until{};
  ChannelPatterns channels{};  ///< in which channels: which of them may be told of
};

}  // namespace rtcpub
