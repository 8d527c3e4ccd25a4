#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/result.h"

namespace rtcpub {

struct HostPort {
  /// A name or an address, IPv6 without brackets; of a link-local one perhaps with its zone, as in
  /// "fe80::1%eth0" (RFC 4007 section 11).
  std::string host;
  std::optional<std::uint16_t> port;
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

/// Reads `HOST[:PORT]`, an IPv6 address in brackets, whose zone is behind `%`, or `%25` as URLs
/// have it (RFC 6874). Errors: kInvalidArgument; the message holds
/// nothing of the text, for there may be a password in it.
Result<HostPort> parseHostPort(std::string_view text);

/// The inverse, with the port always.
std::string formatHostPort(std::string_view host, std::uint16_t port);

/// Whether the text is an IPv6 address that means something on one link only (fe80::/10).
bool isLinkLocalIpv6(std::string_view host);

/// "eth0" of "fe80::1%eth0"; empty if there is none.
std::string_view zoneOf(std::string_view host);

/// "fe80::1" of "fe80::1%eth0": a zone means nothing to another machine.
std::string_view withoutZone(std::string_view host);

}  // namespace rtcpub
