#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace netlab {

/// A moment of the steady clock, or of a test's variable: the logic takes it as an argument.
using Time = std::chrono::nanoseconds;

/// An IP packet as a TUN device hands it over, from the IP header on.
using Packet = std::vector<std::uint8_t>;

/// The moment this many seconds later.
inline Time seconds(double count) { return Time(static_cast<Time::rep>(count * 1e9)); }
inline Time milliseconds(double count) { return seconds(count / 1e3); }
inline double inSeconds(Time time) { return static_cast<double>(time.count()) / 1e9; }

/// Whether it is UDP, over IPv4 or (without extension headers) IPv6.
inline bool isUdp(const Packet& packet) {
  constexpr std::uint8_t kUdp = 17;
  if (packet.size() >= 20 && packet[0] >> 4 == 4) return packet[9] == kUdp;
  return packet.size() >= 40 && packet[0] >> 4 == 6 && packet[6] == kUdp;
}

}  // namespace netlab
