#include "net/http_rules.h"

#include <boost/asio/ip/address.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/text.h"

namespace rtcpub::net {

namespace {

namespace ip = boost::asio::ip;

std::string_view withoutSuffix(std::string_view text, std::string_view suffix) {
  if (text.ends_with(suffix)) text.remove_suffix(suffix.size());
  return text;
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

HttpResponse errorResponse(int status, std::string_view why) {
  const nlohmann::json body = {{"error", why}};
  return {.status = status,
          .contentType = "application/json",
          .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace rtcpub::net
