#pragma once

#include <string>
#include <vector>

#include "sfu/transport/path.h"

namespace rtcpub::sfu {

/// The addresses of this machine by which clients may reach it: of interfaces that are up, at most
/// kMaxHostAddresses of each kind.
struct HostAddresses {
  std::vector<std::string> usable;
  std::vector<std::string> linkLocal;  ///< for clients on the same cable
  std::vector<std::string> loopback;   ///< for programs on this machine
};

inline constexpr std::size_t kMaxHostAddresses = 8;

/// Whether a client elsewhere could use the address: neither loopback nor link-local, multicast or
/// unspecified.
[[nodiscard]] bool isReachable(const IpAddress& address);

/// 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291 section 2.5.6).
[[nodiscard]] bool isLinkLocal(const IpAddress& address);

/// Reads the interfaces. IPv6 only where `ipv6`.
[[nodiscard]] HostAddresses hostAddresses(bool ipv6);

/// What a client is told: `publicIps` if there are any, else the usable addresses, else those of
/// the link; besides the link-local address that it has `called`, and those of loopback if it is on
/// this machine, or there are no others.
[[nodiscard]] std::vector<std::string> addressesFor(const HostAddresses& host,
                                                    const std::vector<std::string>& publicIps,
                                                    bool loopback, const std::string& called);

/// Those of `addresses` by which a socket that listens on `listen` is reached; `publicIps` stand
/// for an address that isn't loopback. Nothing if there is no such one.
[[nodiscard]] std::vector<std::string> addressesOfListener(
    const std::string& listen, const std::vector<std::string>& addresses,
    const std::vector<std::string>& publicIps);

}  // namespace rtcpub::sfu
