#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>
#include <vector>

#include "log/occasional_warning.h"
#include "net/asio.h"
#include "net/connections.h"
#include "net/forwarded.h"
#include "net/routes.h"
#include "net/web_server.h"

namespace rtcpub::net {

/// What the connections of a server share. Runs on: the loop's thread.
struct ServerContext {
  ServerContext(WebServerOptions given, WebServerRoutes theRoutes, asio::ssl::context theTls,
                TrustedProxies proxies);

  const WebServerOptions options;
  const WebServerRoutes handlers;
  const Routes routes;
  asio::ssl::context tls;
  const TrustedProxies trusted;
  const std::vector<std::string> names;  ///< by which it may be called
  OccasionalWarning otherSites;          ///< pages that wanted what is not theirs
  Connections connections;
};

}  // namespace rtcpub::net
