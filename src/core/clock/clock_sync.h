#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "rtcpub/clock.h"
#include "rtcpub/result.h"

/// Comparing clocks over the data channel `rtcpub.clock`, so that delays are true across machines
/// (docs/protocol.md).
namespace rtcpub::clock_sync {

inline constexpr std::string_view kLabel = "rtcpub.clock";
inline constexpr std::chrono::seconds kInterval{1};

struct Request {
  std::int64_t t0Us = 0;  ///< the asker's clock
  friend bool operator==(const Request&, const Request&) = default;
};
struct Reply {
  std::int64_t t0Us = 0;                          ///< as asked
  std::int64_t t1Us = 0;                          ///< the answerer's clock
  std::optional<std::int64_t> publisherOffsetUs;  ///< the publisher's clock minus the server's
  friend bool operator==(const Reply&, const Reply&) = default;
};

/// A message with a `t1` is a reply. Numbers beyond 2^60 are refused, so that sums of them are
/// safe. Errors: kProtocol.
Result<std::variant<Request, Reply>> parse(std::string_view text);
std::string format(const Request& request);
std::string format(const Reply& reply);

/// The other side's clock minus one's own: the exchange with the least round trip of the last
/// minute wins. A clock that was set is noticed by the next exchange.
class Estimator {
 public:
  /// `reply` is as parse() gave it; one that was never asked for is ignored. Whether it contradicts
  /// what was known before, so that it counts alone from now on: a clock was set, or stood still.
  bool add(const Reply& reply, Time now);
  /// Microseconds; nothing before the first reply or when the last minute brought none.
  [[nodiscard]] std::optional<std::int64_t> offsetUs(Time now) const;
  /// By how much offsetUs() is wrong at most, in microseconds: half of the round trip, however it
  /// was shared between the two ways, and 100 parts in a million of the time since, for the drift
  /// of two clocks.
  [[nodiscard]] std::optional<std::int64_t> boundUs(Time now) const;

 private:
  struct Sample {
    Time at;
    std::int64_t roundTripUs;
    std::int64_t offsetUs;
  };

  [[nodiscard]] bool isContradictedBy(const Sample& newer) const;
  [[nodiscard]] const Sample* best(Time now) const;

  // Oldest first, and each with a longer round trip than the one before: what a later sample with a
  // shorter one outlives is not kept.
  std::deque<Sample> samples_;
};

}  // namespace rtcpub::clock_sync
