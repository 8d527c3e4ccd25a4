#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/clock/clock_sync.h"
#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// The publisher's clock against the server's, by questions on `rtcpub.clock`. Pure.
class PublisherClock {
 public:
  /// The next question, as a message.
  [[nodiscard]] std::string ask(Time now);
  /// The round trip; nothing for an answer to what was not asked lately.
  std::optional<std::chrono::microseconds> onReply(const clock_sync::Reply& reply, Time now);
  /// The publisher's clock minus the server's.
  [[nodiscard]] std::optional<std::int64_t> offsetUs(Time now) const;

 private:
  clock_sync::Estimator estimator_;
  std::array<std::int64_t, 4> asked_{};
  std::size_t next_ = 0;
};

}  // namespace rtcpub::sfu
