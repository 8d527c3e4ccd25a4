#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// How many bits a second pass, over the last second.
class RateMeter {
 public:
  void add(std::size_t bytes, Time now);
  [[nodiscard]] std::int64_t bitsPerSecond(Time now) const;

 private:
  static constexpr std::chrono::milliseconds kSlot{100};
  static constexpr std::size_t kSlots = 10;

  struct Slot {
    std::int64_t number = -1;  ///< of kSlot since the clock's epoch
    std::size_t bytes = 0;
  };
  [[nodiscard]] static std::int64_t slotOf(Time now) { return now.time_since_epoch() / kSlot; }

  std::array<Slot, kSlots> slots_{};
};

}  // namespace rtcpub::sfu
