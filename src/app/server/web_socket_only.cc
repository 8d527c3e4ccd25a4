#include "app/server/web_socket_only.h"

#include <string>

#include "core/spider/message.h"

namespace rtcpub {
namespace {

net::HttpResponse webSocketOnly(const net::HttpRequest& request) {
  if (const auto asked = spider::parseTarget(request.target); !asked) {
    return net::errorResponse(400, asked.error().message);
  }
  auto response = net::errorResponse(
      426, std::string(request.path()) +
               " is for WebSockets; a proxy in between must pass on the headers Upgrade and "
               "Connection, by HTTP/1.1");
  response.headers.emplace_back("Upgrade", "websocket");
  return response;
}

}  // namespace

std::vector<net::Route> webSocketOnlyRoutes() {
  return {{.method = "GET", .pattern = "/live/ws/pub", .handle = net::atOnce(webSocketOnly)},
          {.method = "GET", .pattern = "/live/ws/sub", .handle = net::atOnce(webSocketOnly)}};
}

}  // namespace rtcpub
