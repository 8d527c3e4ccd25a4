#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// When a publisher's pictures were taken by its own clock, as its sender reports say (RFC 3550
/// section 6.4.1).
class SenderClocks {
 public:
  /// Reports of so many streams are kept: simulcast layers, and those from before a change.
  static constexpr std::size_t kMaxStreams = 8;
  /// For so long a report is good. A publisher that counts pictures by another clock than it tells
  /// the time by is wrong by up to 60 ms by then, at 100 parts in a million; libwebrtc has one
  /// clock for both, and never is. Reports come every second or so.
  static constexpr std::chrono::minutes kMemory{10};

  /// `ntp` is 32.32 fixed point; 0: the sender has no such clock.
  void onReport(std::uint32_t ssrc, std::uint64_t ntp, std::uint32_t timestamp, Time now);
  void clear() { reports_.clear(); }

  /// Microseconds since 1900, modulo 2^32 s (RFC 5905 section 6); nothing before the stream's first
  /// report.
  [[nodiscard]] std::optional<std::int64_t> ntpUs(std::uint32_t ssrc, std::uint32_t timestamp,
                                                  Time now) const;

 private:
  struct Report {
    std::uint32_t ssrc = 0;
    std::uint64_t ntp = 0;
    std::uint32_t timestamp = 0;
    Time at{};
  };

  std::deque<Report> reports_;  ///< the newest of each stream, in order of their coming
};

}  // namespace rtcpub::sfu
