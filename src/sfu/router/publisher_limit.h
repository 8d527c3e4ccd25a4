#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// When a publisher is told what it may send at most: at once when that falls or is new, else about
/// once a second, since the message may be lost. Rates in bits a second.
class PublisherLimit {
 public:
  /// What the publisher is told when nothing limits it any more.
  static constexpr std::int64_t kUnlimited = 1'000'000'000;
  static constexpr std::chrono::milliseconds kRepeat{900};
  static constexpr std::chrono::milliseconds kLeast{100};
  static constexpr int kLifts = 3;

  /// `limit`: nothing while it may send what it likes. Returns what to tell it now.
  [[nodiscard]] std::optional<std::int64_t> next(std::optional<std::int64_t> limit, Time now);
  /// Whether it was told to send less than it likes, and not yet that it needn't.
  [[nodiscard]] bool limits() const { return told_ != kUnlimited; }

 private:
  [[nodiscard]] bool isDue(std::int64_t limit, Time now) const;

  std::int64_t told_ = kUnlimited;
  Time toldAt_{};
  int lifts_ = 0;  ///< how often it is still to be told that there is no limit
};

}  // namespace rtcpub::sfu
