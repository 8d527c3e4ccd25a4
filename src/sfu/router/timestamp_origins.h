#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// What the timestamps that one viewer got stand for in the publisher's streams: undoes what
/// OutgoingStream does to them, for pictures from before a change, too.
class TimestampOrigins {
 public:
  /// So many changes are known. Simulcast layers change once a second at most (SimulcastChoice).
  static constexpr std::size_t kMaxRuns = 16;
  /// Older pictures than the newest by more than this are forgotten: nobody drives by them.
  static constexpr std::chrono::seconds kMemory{60};

  /// A timestamp of the publisher's.
  struct Origin {
    std::uint32_t ssrc = 0;
    std::uint32_t timestamp = 0;

    friend bool operator==(const Origin&, const Origin&) = default;
  };

  /// From now on `outgoing` and what comes after it stand for `origin` and what comes after that.
  void begin(const Origin& origin, std::uint32_t outgoing, Time now);
  /// Whatever went out before is nobody's.
  void clear() { runs_.clear(); }

  /// Nothing for what didn't go out since clear(), or long ago. `newest` is what went out last.
  [[nodiscard]] std::optional<Origin> find(std::uint32_t outgoing, std::uint32_t newest,
                                           Time now) const;

 private:
  /// Timestamps under which one stream went out.
  struct Run {
    std::uint32_t ssrc = 0;
    std::uint32_t first = 0;   ///< as it went out
    std::uint32_t offset = 0;  ///< what was added
    Time begunAt{};
  };

  std::deque<Run> runs_;  ///< in order
};

}  // namespace rtcpub::sfu
