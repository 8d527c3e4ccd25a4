#pragma once

#include <string_view>

/// Addresses that mean something on one link only, and the zone that says which: "fe80::1%eth0"
/// (RFC 4007 section 11). A host of host_port.h may be one.
namespace rtcpub {

/// Whether the text is such an IPv6 address (fe80::/10), with or without its zone.
bool isLinkLocalIpv6(std::string_view host);

/// "eth0" of "fe80::1%eth0"; empty if there is none.
std::string_view zoneOf(std::string_view host);

/// "fe80::1" of "fe80::1%eth0": a zone means nothing to another machine.
std::string_view withoutZone(std::string_view host);

}  // namespace rtcpub
