#pragma once

#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "log/occasional_warning.h"
#include "net/asio.h"
#include "net/forwarded.h"
#include "net/http_rules.h"
#include "net/web_server.h"

namespace rtcpub::net {

/// What the connections of a server share.
struct ServerContext {
  WebServerOptions options;
  WebServerRoutes routes;
  asio::ssl::context tls;
  TrustedProxies trusted;
  OccasionalWarning otherSites;  ///< pages that wanted a WebSocket
};

/// One accepted connection, from its first byte to its last. Runs on: the loop's thread.
class Connection {
 public:
  Connection(std::shared_ptr<ServerContext> server, tcp::socket socket, RemoteAddress remote);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Serves it until it is gone. The connection must outlive this.
  asio::awaitable<void> run();
  /// Ends it: a WebSocket says so to its peer and has half a second for that.
  void stop();

 private:
  class Serving;
  std::unique_ptr<Serving> serving_;
};

}  // namespace rtcpub::net
