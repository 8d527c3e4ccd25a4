#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rtcpub/result.h"

namespace rtcpub {

/// Where a client finds its server.
struct ServerUrl {
  bool tls = true;
  std::string host;  ///< a name or an address, IPv6 without brackets
  std::uint16_t port = 8267;

  friend bool operator==(const ServerUrl&, const ServerUrl&) = default;
};

/// Reads `wss://HOST[:PORT]` or `ws://HOST[:PORT]` (also `https://`, `http://`); a path other than
/// `/`, a query or user info is refused. Errors: kInvalidArgument.
Result<ServerUrl> parseServerUrl(std::string_view text);

/// "wss://host:8267"
std::string format(const ServerUrl& url);

}  // namespace rtcpub
