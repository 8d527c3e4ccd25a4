#pragma once

#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "log/occasional_warning.h"
#include "net/asio.h"
#include "net/connections.h"
#include "net/forwarded.h"
#include "net/http_rules.h"
#include "net/web_server.h"

namespace rtcpub::net {

/// What the connections of a server share.
struct ServerContext {
  ServerContext(WebServerOptions given, WebServerRoutes theRoutes, asio::ssl::context theTls,
                TrustedProxies proxies);

  const WebServerOptions options;
  const WebServerRoutes routes;
  asio::ssl::context tls;
  const TrustedProxies trusted;
  const std::vector<std::string> names;  ///< by which it may be called
  OccasionalWarning otherSites;          ///< pages that wanted what is not theirs
  Connections connections;
};

/// One accepted connection, from its first byte to its last. Runs on: the loop's thread.
class Connection {
 public:
  /// `id`: of this connection among the server's.
  Connection(std::shared_ptr<ServerContext> server, Connections::Id id, tcp::socket socket,
             RemoteAddress remote);
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
