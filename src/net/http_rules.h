#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.h"

/// What the server lets in, and how it says no: pure.
namespace rtcpub::net {

/// Who is at the other end.
struct RemoteAddress {
  std::string text;       ///< an IPv4 address that came mapped into IPv6 is written as IPv4
  bool loopback = false;  ///< on this machine, so that it may talk without TLS
};

/// Reads an IP address; what is none counts as far away.
RemoteAddress remoteAddress(std::string_view address);

/// Whether a WebSocket with this Origin may be opened. A browser sends the page's origin and lets
/// any page open one anywhere, so only the pages of this server may (RFC 6455 section 10.2);
/// programs send none.
bool originAllowed(std::string_view origin, std::string_view host);

/// Whether a Host header's value means the machine of whoever wrote it: localhost, or an address of
/// loopback, with a port or without.
bool namesLoopback(std::string_view host);

/// Why the server doesn't answer to the name that it was called by, if it doesn't; for people. A
/// page of anybody's can lead its own name to this machine's loopback address, behind all firewalls
/// (DNS rebinding); so who comes from this machine, and for no client that a trusted proxy names,
/// must call it localhost, an IP address, or one of `names`.
std::string hostProblem(const HttpRequest& request, const std::vector<std::string>& names);

}  // namespace rtcpub::net
