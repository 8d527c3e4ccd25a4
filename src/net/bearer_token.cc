#include "net/bearer_token.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/text/text.h"

namespace rtcpub::net {

namespace {

/// Of `Bearer X`, whose scheme may be written in any case (RFC 9110 section 11.1).
std::optional<std::string> inAuthorization(std::string_view value) {
  constexpr std::string_view kScheme = "bearer ";
  if (text::toLower(value.substr(0, kScheme.size())) != kScheme) return std::nullopt;
  value.remove_prefix(kScheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return std::string(value);
}

std::optional<std::string> inQuery(const HttpRequest& request) {
  const auto parameters = request.query();
  if (!parameters) return std::nullopt;
  const auto found = parameters->find("token");
  return found == parameters->end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

BearerToken bearerToken(const HttpRequest& request) {
  BearerToken found;
  std::optional<std::string> offered;
  const std::string protocols = request.header("Sec-WebSocket-Protocol");
  for (const auto protocol : elementsOf(protocols)) {
    if (protocol == kSubprotocol) {
      found.subprotocol = kSubprotocol;
    } else if (!offered && protocol.starts_with(kTokenSubprotocol)) {
      offered = protocol.substr(kTokenSubprotocol.size());
    }
  }
  auto token = inAuthorization(request.header("Authorization"));
  if (!token) token = std::move(offered);
  if (!token) token = inQuery(request);
  if (token) found.token = *std::move(token);
  return found;
}

}  // namespace rtcpub::net
