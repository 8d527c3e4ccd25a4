#include "net/server_context.h"

#include <unistd.h>

#include <array>
#include <utility>

namespace rtcpub::net {

namespace {

/// By which it may be called: what it was told, and what this machine calls itself.
std::vector<std::string> namesOfServer(std::vector<std::string> names) {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0) {
    names.emplace_back(name.data());
    names.push_back(names.back() + ".local");
  }
  return names;
}

}  // namespace

ServerContext::ServerContext(WebServerOptions given, WebServerRoutes theRoutes,
                             asio::ssl::context theTls, TrustedProxies proxies)
    : options(std::move(given)),
      handlers(std::move(theRoutes)),
      routes(handlers.http, handlers.whereThingsAre),
      tls(std::move(theTls)),
      trusted(std::move(proxies)),
      names(namesOfServer(options.names)),
      connections(options.limits, trusted) {}

}  // namespace rtcpub::net
