#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "rtcpub/clock.h"

namespace rtcpub {

/// At most so many in any period of a length. What comes too soon may wait for its turn.
class RateLimit {
 public:
  RateLimit(std::size_t most, Time::duration period);

  /// When one more may go, `now` or later; it is counted from then on. Nothing, and it doesn't
  /// count, when it would have to wait for longer than `patience`.
  std::optional<Time> take(Time now, Time::duration patience);
  /// When the next one may go, `now` or later; it isn't counted.
  [[nodiscard]] Time next(Time now) const;
  /// Whether it has nothing to remember any more.
  [[nodiscard]] bool idle(Time now) const;

 private:
  const Time::duration period_;
  std::vector<Time> turns_;  ///< the last ones, around `oldest_`
  std::size_t oldest_ = 0;
};

}  // namespace rtcpub
