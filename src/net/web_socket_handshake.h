#pragma once

#include <memory>
#include <string>

#include "core/session/server_features.h"
#include "net/byte_stream.h"
#include "net/web_socket_session.h"

namespace rtcpub::net {

/// How a client's handshake went.
struct HandshakeOutcome {
  std::shared_ptr<WebSocketSession> session;  ///< null when there is none
  ServerFeatures features;                    ///< of the server that agreed
  error_code error;
  bool declined = false;  ///< the answer was another than an agreement, as follows
  unsigned status = 0;
  std::string phrase;
  std::string body;
};

/// The client's handshake. `host`: the Host header's value (RFC 9110 section 7.2).
asio::awaitable<HandshakeOutcome> requestWebSocket(ByteStream stream, const std::string& host,
                                                   const std::string& target,
                                                   std::size_t maxMessageBytes);

}  // namespace rtcpub::net
