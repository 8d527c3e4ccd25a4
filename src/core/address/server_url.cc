#include "core/address/server_url.h"

#include "core/address/host_port.h"
#include "core/address/link_local.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::string_view kForm = "write it as wss://HOST or wss://HOST:PORT";

/// `what` must hold nothing of the URL: there may be a password in it.
tl::unexpected<Error> refuse(std::string_view what) {
  return fail(ErrorCode::kInvalidArgument,
              "server URL: " + std::string(what) + "; " + std::string(kForm));
}

}  // namespace

Result<ServerUrl> parseServerUrl(std::string_view text) {
  const auto schemeEnd = text.find("://");
  if (schemeEnd == std::string_view::npos) return refuse("the wss:// is missing");
  const auto scheme = text::toLower(text.substr(0, schemeEnd));
  const bool tls = scheme == "wss" || scheme == "https";
  if (!tls && scheme != "ws" && scheme != "http") {
    return refuse("it begins with neither wss:// nor ws://");
  }
  auto rest = text.substr(schemeEnd + 3);
  if (rest.find('@') != std::string_view::npos) return refuse("user and password have no use here");
  if (rest.find_first_of("?#") != std::string_view::npos) {
    return refuse("options have no use here");
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find('/') != std::string_view::npos) return refuse("a path has no use here");
  const auto address = parseHostPort(rest);
  if (!address) return refuse(address.error().message);
  if (isLinkLocalIpv6(address->host) && zoneOf(address->host).empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "server URL: a link-local address needs the interface that leads to it; write it "
                "as wss://[fe80::1%eth0]:PORT");
  }
  return ServerUrl{tls, address->host, address->port.value_or(ServerUrl{}.port)};
}

std::string format(const ServerUrl& url) {
  return (url.tls ? "wss://" : "ws://") + formatHostPort(url.host, url.port);
}

}  // namespace rtcpub
