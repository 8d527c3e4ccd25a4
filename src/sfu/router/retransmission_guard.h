#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// Keeps one viewer's NACKs from costing more than they help: a packet is sent again at most
/// once in kInterval (the answer to the last NACK is still on its way), and all of them together at
/// most kMaxPerSecond times a second.
class RetransmissionGuard {
 public:
  static constexpr std::chrono::milliseconds kInterval{20};
  static constexpr int kMaxPerSecond = 2000;

  [[nodiscard]] bool allow(std::uint16_t sequenceNumber, Time now);

 private:
  struct Sent {
    std::uint16_t sequenceNumber = 0;
    Time time = Time::min();
  };

  [[nodiscard]] bool withinRate(Time now);

  std::array<Sent, 256> recent_{};
  Time second_ = Time::min();  ///< when the second began that count_ is about
  int count_ = 0;
};

}  // namespace rtcpub::sfu
