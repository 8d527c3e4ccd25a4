#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// Which of the publisher's SSRCs a router follows, and where each packet belongs in it. Positions
/// are sequence numbers that never wrap; a restart (another SSRC, or numbers that jump) continues
/// far above all earlier ones.
class SourceTracker {
 public:
  struct Place {
    std::int64_t sequence = 0;  ///< modulo 2^16 the packet's own sequence number
    bool restarted = false;     ///< the first packet of another stream
  };

  /// How long the followed SSRC may be silent before another one takes its place.
  static constexpr std::chrono::seconds kSilence{1};

  /// Forgets the followed stream. `announcedSsrc`, unless 0, is preferred to others.
  void reset(std::uint32_t announcedSsrc);
  void announce(std::uint32_t ssrc) { announced_ = ssrc; }

  /// Nothing when the packet isn't part of the followed stream.
  [[nodiscard]] std::optional<Place> place(std::uint32_t ssrc, std::uint16_t sequenceNumber,
                                           Time now);
  /// The SSRC whose packets are part of it; nothing before the first.
  [[nodiscard]] std::optional<std::uint32_t> followed() const { return followed_; }
  /// The highest position so far.
  [[nodiscard]] std::int64_t newest() const { return newest_; }

 private:
  [[nodiscard]] bool takesOver(std::uint32_t ssrc, Time now) const;
  [[nodiscard]] bool isRestart(std::uint16_t sequenceNumber);
  Place restart(std::uint32_t ssrc, std::uint16_t sequenceNumber);

  std::uint32_t announced_ = 0;
  std::optional<std::uint32_t> followed_;
  std::int64_t newest_ = 0;
  Time lastHeard_{};
  /// After a sequence number far off, the one that would confirm a restart (RFC 3550 A.1).
  std::optional<std::uint16_t> confirming_;
};

}  // namespace rtcpub::sfu
