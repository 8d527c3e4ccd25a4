#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// Remembers when sender reports left, to learn the round trip from the receiver reports that name
/// them (RFC 3550 section 6.4.1). Pure.
class ReportTimes {
 public:
  /// `id` is the report's compact NTP time.
  void onSent(std::uint32_t id, Time now) {
    sent_[next_] = {id, now};
    next_ = (next_ + 1) % sent_.size();
  }

  /// `delay` in 1/65,536 s, as the receiver held the report. Nothing for a report that was not
  /// sent, or is forgotten.
  [[nodiscard]] std::optional<std::chrono::microseconds> rtt(std::uint32_t id, std::uint32_t delay,
                                                             Time now) const {
    if (id == 0) return std::nullopt;
    for (const auto& report : sent_) {
      if (report.id != id) continue;
      const std::chrono::microseconds held(std::int64_t{delay} * 1000000 / 65536);
      const auto rtt = now - report.at - held;
      return rtt.count() < 0 ? std::nullopt : std::optional(rtt);
    }
    return std::nullopt;
  }

 private:
  struct Sent {
    std::uint32_t id = 0;
    Time at{};
  };
  std::array<Sent, 16> sent_{};
  std::size_t next_ = 0;
};

}  // namespace rtcpub::sfu
