#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rtcpub/result.h"

namespace rtcpub {

/// Where a server listens.
struct ListenAddress {
  std::string address = "127.0.0.1";  ///< IPv6 without brackets; `0.0.0.0` and `::` are all
  std::uint16_t port = 8267;          ///< 0 takes a free one

  /// Only programs on this machine can reach it.
  [[nodiscard]] bool loopback() const;
  /// The URL for a client on this machine, without TLS where that stays on loopback: `scheme` is
  /// "http" or "ws".
  [[nodiscard]] std::string localUrl(std::string_view scheme) const;

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// Reads `ADDRESS:PORT`, `[IPv6]:PORT`, an address alone or a port alone. Errors: kInvalidArgument.
Result<ListenAddress> parseListenAddress(std::string_view text);

}  // namespace rtcpub
