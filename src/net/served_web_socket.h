#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "net/byte_stream.h"
#include "net/connections.h"
#include "net/request_head.h"
#include "net/server_context.h"
#include "net/web_socket_session.h"

namespace rtcpub::net {

/// A connection to the server that becomes a WebSocket, till its end. Runs on: the loop's thread.
class ServedWebSocket {
 public:
  ServedWebSocket(std::shared_ptr<ServerContext> server, Connections::Id id, ByteStream stream);

  /// Agrees to what `request` asks for and gives what comes to the handler, until the WebSocket is
  /// gone. `client`: whose it is, an address that a proxy may have named.
  asio::awaitable<void> serve(const RequestHead& request, std::string client,
                              WebSocketAcceptance acceptance);
  /// Says why, and has half a second for it. False: it is no WebSocket yet.
  bool close(CloseCode code, const std::string& reason);

 private:
  template <class Call>
  void safely(Call call);

  std::shared_ptr<ServerContext> server_;
  const Connections::Id id_;
  ByteStream stream_;
  std::string client_;
  std::shared_ptr<WebSocketSession> session_;  ///< null until it is a WebSocket
};

}  // namespace rtcpub::net
