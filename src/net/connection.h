#pragma once

#include <functional>
#include <memory>

#include "net/asio.h"
#include "net/connections.h"
#include "net/http_rules.h"
#include "net/server_context.h"

namespace rtcpub::net {

/// One accepted connection, from its first byte to its last. Runs on: the loop's thread.
class Connection {
 public:
  /// `id`: of this connection among the server's.
  Connection(std::shared_ptr<ServerContext> server, Connections::Id id, tcp::socket socket,
             const RemoteAddress& remote);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Serves it until it is gone; then calls `ended`. It must stay till then.
  void start(std::function<void()> ended);
  /// Ends it: a WebSocket says so to its peer and has half a second for that.
  void stop();
  /// Ends it at once.
  void cut();

 private:
  class Serving;
  std::unique_ptr<Serving> serving_;
};

}  // namespace rtcpub::net
