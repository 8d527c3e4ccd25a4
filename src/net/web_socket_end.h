#pragma once

#include <string>

namespace rtcpub::net {

/// How a WebSocket ended.
struct WebSocketEnd {
  /// By a close frame of the other side's that means it (RFC 6455 section 7.4.1); what just
  /// breaks off may come back.
  bool onPurpose = false;
  /// The other side ended the connection, in whatever way; it has not just fallen silent.
  bool byPeer = false;
  std::string reason;  ///< in words for people
};

}  // namespace rtcpub::net
