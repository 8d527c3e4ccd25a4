#pragma once

#include <chrono>
#include <memory>
#include <optional>
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
  std::optional<std::chrono::seconds> retryAfter;
  std::string body;
};

/// The client's handshake. `host`: the Host header's value (RFC 9110 section 7.2). `token`: by
/// which the server knows the client (RFC 6750); empty: none.
asio::awaitable<HandshakeOutcome> requestWebSocket(ByteStream stream, const std::string& host,
                                                   const std::string& target,
                                                   const std::string& token,
                                                   std::size_t maxMessageBytes);

}  // namespace rtcpub::net
