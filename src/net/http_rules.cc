#include "net/http_rules.h"

#include <boost/asio/ip/address.hpp>
#include <utility>

#include "core/text/text.h"

namespace rtcpub::net {

namespace {

namespace ip = boost::asio::ip;

std::string_view withoutSuffix(std::string_view text, std::string_view suffix) {
  if (text.ends_with(suffix)) text.remove_suffix(suffix.size());
  return text;
}

/// `host` without its port, the dot of the root and capitals (RFC 3986 section 3.2.2).
std::string hostOnly(std::string_view host) {
  const auto bracket = host.starts_with('[') ? host.find(']') : std::string_view::npos;
  const auto colon = host.rfind(':');
  if (bracket != std::string_view::npos && (bracket + 1 == host.size() || bracket + 1 == colon)) {
    return std::string(host.substr(1, bracket - 1));
  }
  host = host.substr(0, colon);
  return text::toLower(withoutSuffix(host, "."));
}

/// RFC 6761 section 6.3.
bool isLocalhost(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost");
}

bool isAddress(const std::string& host) {
  boost::system::error_code error;
  ip::make_address(host, error);
  return !error;
}

}  // namespace

RemoteAddress remoteAddress(std::string_view address) {
  boost::system::error_code error;
  ip::address parsed = ip::make_address(std::string(address), error);
  if (error) return {.text = std::string(address), .loopback = false};
  if (parsed.is_v6() && parsed.to_v6().is_v4_mapped()) {
    parsed = ip::make_address_v4(ip::v4_mapped, parsed.to_v6());
  }
  return {.text = parsed.to_string(), .loopback = parsed.is_loopback()};
}

bool originAllowed(std::string_view origin, std::string_view host) {
  const std::string from = text::toLower(origin);
  const std::string here = text::toLower(host);
  for (const auto& [scheme, defaultPort] :
       {std::pair<std::string_view, std::string_view>{"https://", ":443"}, {"http://", ":80"}}) {
    if (!from.starts_with(scheme)) continue;
    const std::string_view fromHost = std::string_view(from).substr(scheme.size());
    return !fromHost.empty() &&
           withoutSuffix(fromHost, defaultPort) == withoutSuffix(here, defaultPort);
  }
  return false;
}

bool namesLoopback(std::string_view host) {
  const std::string name = hostOnly(host);
  return isLocalhost(name) || remoteAddress(name).loopback;
}

std::string hostProblem(const HttpRequest& request, const std::vector<std::string>& names) {
  constexpr std::size_t kMaxQuoted = 100;
  // What no browser sends can't be a page's.
  if (!request.direct || request.host.empty()) return {};
  const std::string host = hostOnly(request.host);
  if (isLocalhost(host) || isAddress(host)) return {};
  for (const std::string& name : names) {
    if (host == text::toLower(name)) return {};
  }
  return "this server does not answer to the name " + text::printable(request.host, kMaxQuoted) +
         " on loopback, where a page of another site could have led it. Call it localhost or by "
         "its IP address, or start it with this name among its names; if a proxy brought this, "
         "start it so that it trusts the proxy's address, and let the proxy set X-Forwarded-For";
}

}  // namespace rtcpub::net
