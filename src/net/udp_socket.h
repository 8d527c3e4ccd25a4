#pragma once

#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/stun/stun_binding.h"

namespace rtcpub::net {

/// A UDP socket of one family on a port of the system's choice, for a few questions. Runs on: one
/// thread at a time.
class UdpSocket {
 public:
  explicit UdpSocket(bool ipv6);
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  [[nodiscard]] bool isOpen() const { return descriptor_ >= 0; }
  /// From now on a packet goes out whole or not at all, whatever the system believes of the path.
  void forbidFragments();
  /// False: the system didn't take it.
  bool sendTo(const stun::Endpoint& target, std::span<const std::uint8_t> packet);
  /// The next packet; nullopt: none came by `until`.
  std::optional<std::vector<std::uint8_t>> receive(std::chrono::steady_clock::time_point until);
  /// Where a packet to `target` would come from.
  [[nodiscard]] stun::Endpoint localAddressTo(const stun::Endpoint& target) const;

 private:
  bool ipv6_;
  int descriptor_;
};

}  // namespace rtcpub::net
