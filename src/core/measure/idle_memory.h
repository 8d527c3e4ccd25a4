#pragma once

#include <algorithm>
#include <cstddef>

namespace rtcpub {

/// Tells when a process holds so much freed memory that the system should have it back: the
/// allocator keeps what lies between pieces in use, for ever. Pure; all figures are bytes.
class IdleMemory {
 public:
  /// Less is soon used again, and not worth the time.
  static constexpr std::size_t kWorth = std::size_t{1} << 20;

  /// `held` by the process, `used` of that.
  [[nodiscard]] bool isWorthGivingBack(std::size_t held, std::size_t used) {
    kept_ = std::min(kept_, idle(held, used));
    return idle(held, used) - kept_ >= kWorth;
  }
  /// What is idle even then (stacks, scraps of pages) isn't to be had.
  void onGivenBack(std::size_t held, std::size_t used) { kept_ = idle(held, used); }

 private:
  static std::size_t idle(std::size_t held, std::size_t used) {
    return held > used ? held - used : 0;
  }

  std::size_t kept_ = 0;
};

}  // namespace rtcpub
