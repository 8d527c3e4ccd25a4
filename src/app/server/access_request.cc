#include "app/server/access_request.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/text/text.h"
#include "net/bearer_token.h"
#include "net/http_rules.h"

namespace rtcpub {
namespace {

bool isOfProxy(std::string_view header) {
  const std::string name = text::toLower(header);
  return name.starts_with("x-forwarded-") || name == "x-real-ip" || name == "forwarded" ||
         name == "via";
}

/// Whether it comes from this machine itself. A proxy here that nobody told the server of brings
/// all the world: most say that they are one (RFC 7239, RFC 9110 section 7.6.3), or pass on by what
/// name they were called; nginx does neither by itself, but spoke HTTP/1.0 until 1.29.6. A newer
/// one that has only proxy_pass, and what only copies bytes (HAProxy's mode tcp, `ssh -R`), can't
/// be told from a program on this machine: docs/proxy.md.
bool isFromThisMachine(const net::HttpRequest& request) {
  const bool direct = request.loopback && !request.proxied && request.version >= 11;
  return direct && net::namesLoopback(request.host) &&
         std::ranges::none_of(request.headers.fields(),
                              [](const auto& field) { return isOfProxy(field.first); });
}

}  // namespace

AccessRequest accessRequest(const net::HttpRequest& request, std::optional<Right> action,
                            std::string channel) {
  return {.action = action,
          .channel = std::move(channel),
          .token = net::bearerToken(request).token,
          .address = request.remoteAddress,
          .loopback = isFromThisMachine(request)};
}

}  // namespace rtcpub
