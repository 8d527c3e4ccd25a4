#pragma once

#include <string>

#include "net/http_message.h"

namespace rtcpub::net {

/// By what a request proves who sent it.
struct BearerToken {
  std::string token;  ///< empty: there is none
  /// What a WebSocket's answer must name as its subprotocol, or a browser drops the connection
  /// (WHATWG WebSockets, "establish a WebSocket connection"); empty: none.
  std::string subprotocol;
};

/// The subprotocol that is spoken here, which browsers offer beside the token's.
inline constexpr std::string_view kSubprotocol = "rtcpub";
/// A token travels in a subprotocol's name behind this, since a browser's WebSocket can't carry an
/// Authorization header.
inline constexpr std::string_view kTokenSubprotocol = "rtcpub.token.";

/// The request's token: of its Authorization header (RFC 6750 section 2.1), else of a subprotocol
/// of its WebSocket, else of its query as `token=` (section 2.3, for old clients). The first that
/// is there counts, whatever it is worth. Pure.
BearerToken bearerToken(const HttpRequest& request);

}  // namespace rtcpub::net
