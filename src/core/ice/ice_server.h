#pragma once

#include <string>
#include <string_view>

#include "core/address/host_port.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// One STUN or TURN server, its credentials apart from its URL so that the URL may be logged.
struct IceServer {
  std::string url;  ///< "stun:host:3478", "turn:host:3478?transport=udp" (RFC 7064, RFC 7065)
  std::string username;
  std::string password;

  friend bool operator==(const IceServer&, const IceServer&) = default;
};

/// Reads `stun:host[:port]`, `stuns:…`, `turn:user:password@host[:port][?transport=udp|tcp]`,
/// `turns:…`. User and password may be percent-encoded. Errors: kInvalidArgument, without the
/// credentials in the message.
Result<IceServer> parseIceServer(std::string_view text);

/// The host and port in the URL of one that is well-formed, 3478 or, with TLS, 5349 if it has none
/// (RFC 7064 section 3.2, RFC 7065 section 3.2). Errors: kInvalidArgument.
Result<HostPort> addressOf(const IceServer& server);

/// Whether it is asked over UDP.
bool isUdp(const IceServer& server);

}  // namespace rtcpub
