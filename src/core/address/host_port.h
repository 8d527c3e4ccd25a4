#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/result.h"

namespace rtcpub {

struct HostPort {
  std::string host;  ///< a name or an address, IPv6 without brackets
  std::optional<std::uint16_t> port;
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

/// Reads `HOST[:PORT]`, an IPv6 address in brackets. Errors: kInvalidArgument; the message holds
/// nothing of the text, for there may be a password in it.
Result<HostPort> parseHostPort(std::string_view text);

/// The inverse, with the port always.
std::string formatHostPort(std::string_view host, std::uint16_t port);

}  // namespace rtcpub
