#pragma once

#include <string>
#include <vector>

#include "sfu/transport/path.h"

namespace rtcpub::sfu {

/// The addresses of this machine by which clients may reach it.
struct HostAddresses {
  std::vector<std::string> usable;    ///< of interfaces that are up; at most kMaxHostAddresses
  std::vector<std::string> loopback;  ///< for programs on this machine
};

inline constexpr std::size_t kMaxHostAddresses = 8;

/// Whether a client elsewhere could use the address: neither loopback nor link-local, multicast or
/// unspecified.
[[nodiscard]] bool isReachable(const IpAddress& address);

/// Reads the interfaces. IPv6 only where `ipv6`.
[[nodiscard]] HostAddresses hostAddresses(bool ipv6);

/// Those of `addresses` by which a socket that listens on `listen` is reached; `publicIps` stand
/// for an address that isn't loopback. Nothing if there is no such one.
[[nodiscard]] std::vector<std::string> addressesOfListener(
    const std::string& listen, const std::vector<std::string>& addresses,
    const std::vector<std::string>& publicIps);

}  // namespace rtcpub::sfu
