#pragma once

#include <memory>
#include <string>

#include "core/session/server_features.h"
#include "net/byte_stream.h"
#include "net/request_head.h"
#include "net/web_socket_session.h"

namespace rtcpub::net {

struct AcceptedWebSocket {
  std::shared_ptr<WebSocketSession> session;  ///< null when it was refused
  error_code error;
};

/// The server's handshake: agrees to `request`, which came by `stream`, and tells `features`
/// and, unless it is empty, the `subprotocol`; or refuses what the protocol doesn't allow, by an
/// answer of HTTP.
asio::awaitable<AcceptedWebSocket> acceptWebSocket(ByteStream stream, const RequestHead& request,
                                                   const std::string& subprotocol,
                                                   std::size_t maxMessageBytes,
                                                   const ServerFeatures& features);

}  // namespace rtcpub::net
