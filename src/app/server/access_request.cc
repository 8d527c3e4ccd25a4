#include "app/server/access_request.h"

#include <utility>

#include "net/bearer_token.h"

namespace rtcpub {
namespace {

/// Whether it comes from this machine itself. A proxy here that nobody told the server of brings
/// all the world; but each says that it is one (RFC 7239, RFC 9110 section 7.6.3).
bool isFromThisMachine(const net::HttpRequest& request) {
  return request.loopback && !request.proxied && !request.headers.has("X-Forwarded-For") &&
         !request.headers.has("Forwarded") && !request.headers.has("Via");
}

}  // namespace

AccessRequest accessRequest(const net::HttpRequest& request, std::optional<Right> action,
                            std::string channel) {
  return {.action = action,
          .channel = std::move(channel),
          .token = net::bearerToken(request).token,
          .address = request.remoteAddress,
          .origin = request.header("Origin"),
          .loopback = isFromThisMachine(request)};
}

}  // namespace rtcpub
