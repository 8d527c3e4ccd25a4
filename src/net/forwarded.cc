#include "net/forwarded.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <optional>
#include <utility>

#include "core/text/text.h"

namespace rtcpub::net {

namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

constexpr std::size_t kMaxQuoted = 100;
constexpr std::size_t kMostForwarded = 32;  // hops: far more than there are

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

/// The last entry of a list, which it loses.
std::string_view takeLast(std::string_view& list) {
  const auto comma = list.rfind(',');
  const auto last = trimmed(comma == std::string_view::npos ? list : list.substr(comma + 1));
  list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
  return last;
}

std::string_view lastOf(std::string_view list) { return takeLast(list); }

/// `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::7`, `[2001:db8::7]` or `[2001:db8::7]:4711`.
std::optional<RemoteAddress> readAddress(std::string_view text) {
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (const auto colon = text.find(':'); colon == text.rfind(':')) {
    text = text.substr(0, colon);
  }
  error_code error;
  ip::make_address(std::string(text), error);
  return error ? std::nullopt : std::optional(remoteAddress(text));
}

/// The client that trusted proxies name.
RemoteAddress clientBehind(std::string_view forwardedFor, const RemoteAddress& peer,
                           const TrustedProxies& trusted) {
  RemoteAddress client = peer;
  for (std::size_t hop = 0; hop < kMostForwarded && trusted.contains(client.text); ++hop) {
    if (forwardedFor.empty()) break;
    const auto named = readAddress(takeLast(forwardedFor));
    if (!named) break;
    client = *named;
  }
  return client;
}

/// Takes `http://HOST` or `https://HOST` off a target in absolute form.
std::optional<std::string> takeHost(std::string& target) {
  const std::string begin = text::toLower(std::string_view(target).substr(0, 8));
  const std::size_t scheme = begin == "https://" ? 8 : begin.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return std::nullopt;
  const auto end = std::min(target.find_first_of("/?#", scheme), target.size());
  std::string host = target.substr(scheme, end - scheme);
  target.erase(0, end);
  if (!target.starts_with('/')) target.insert(0, 1, '/');
  return host;
}

std::optional<ip::network_v6> readNetworkV6(const std::string& text) {
  error_code error;
  const auto address = ip::make_address_v6(text, error);
  if (!error) return ip::network_v6(address, 128);
  const auto network = ip::make_network_v6(text, error);
  return error ? std::nullopt : std::optional(network.canonical());
}

std::optional<ip::network_v4> readNetworkV4(const std::string& text) {
  error_code error;
  const auto address = ip::make_address_v4(text, error);
  if (!error) return ip::network_v4(address, 32);
  const auto network = ip::make_network_v4(text, error);
  return error ? std::nullopt : std::optional(network.canonical());
}

bool has(const ip::network_v4& network, const ip::address& address) {
  return address.is_v4() &&
         ip::network_v4(address.to_v4(), network.prefix_length()).canonical() == network;
}

bool has(const ip::network_v6& network, const ip::address& address) {
  return address.is_v6() &&
         ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network;
}

/// `wanted`: in words for people.
std::string problemOfPage(const HttpRequest& request, std::string_view wanted) {
  if (!request.browser) return {};
  const std::string origin = request.header("Origin");
  const std::string scheme = text::toLower(text::splitAt(origin, ':').before);
  const bool sameScheme = request.scheme.empty() || request.scheme == scheme;
  if (sameScheme && originAllowed(origin, request.host)) return {};
  const std::string here =
      (sameScheme ? "" : request.scheme + "://") + text::printable(request.host, kMaxQuoted);
  return "a page of " + text::printable(origin, kMaxQuoted) + " wanted " + std::string(wanted) +
         ", but this server was called " + (here.empty() ? "by no name" : here) +
         ", and that is for its own pages only. If both are this server, a proxy in between "
         "changes the name: let it pass on Host as the browser sent it, port included, or "
         "X-Forwarded-Host and X-Forwarded-Proto, from an address that this server trusts";
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& texts) {
  TrustedProxies trusted;
  for (const std::string& text : texts) {
    if (const auto v4 = readNetworkV4(text)) {
      trusted.networks_.emplace_back(*v4);
    } else if (const auto v6 = readNetworkV6(text)) {
      trusted.networks_.emplace_back(*v6);
    } else {
      return fail(ErrorCode::kInvalidArgument,
                  "cannot trust the proxy " + text::quote(text) +
                      ": it is neither an IP address nor a network as 10.0.0.0/8");
    }
  }
  return trusted;
}

bool TrustedProxies::contains(std::string_view address) const {
  error_code error;
  const auto parsed = ip::make_address(std::string(address), error);
  if (error) return false;
  for (const Network& network : networks_) {
    if (std::visit([&](const auto& one) { return has(one, parsed); }, network)) return true;
  }
  return false;
}

HttpRequest describe(const RequestHead& head, const RemoteAddress& peer,
                     const TrustedProxies& trusted) {
  HttpRequest request{.method = head.method == "HEAD" ? "GET" : head.method,
                      .target = head.target,
                      .remoteAddress = peer.text,
                      .host = head.headers["Host"],
                      .loopback = peer.loopback,
                      .browser = head.headers.has("Origin"),
                      .direct = peer.loopback,
                      .version = head.version,
                      .headers = head.headers};
  if (auto host = takeHost(request.target)) request.host = *std::move(host);
  if (!trusted.contains(peer.text)) return request;
  const std::string forwardedFor = head.headers["X-Forwarded-For"];
  const RemoteAddress client = clientBehind(forwardedFor, peer, trusted);
  request.remoteAddress = client.text;
  // What a proxy doesn't name the client of may come from anywhere.
  // And one on another machine names its own loopback, not this machine's.
  request.loopback = peer.loopback && client.loopback && !forwardedFor.empty();
  request.proxied = true;
  // Browsers on a trusted machine come without it, and a page can't add it to a WebSocket.
  request.direct = peer.loopback && forwardedFor.empty();
  const std::string hosts = head.headers["X-Forwarded-Host"];
  const std::string schemes = head.headers["X-Forwarded-Proto"];
  if (const auto host = lastOf(hosts); !host.empty()) request.host = host;
  request.scheme = text::toLower(lastOf(schemes));
  return request;
}

std::string originProblem(const HttpRequest& request) {
  return problemOfPage(request, "a WebSocket");
}

std::string crossSiteProblem(const HttpRequest& request) {
  const bool asksOnly = request.method == "GET" || request.method == "OPTIONS";
  return asksOnly ? std::string() : problemOfPage(request, "to change something");
}

}  // namespace rtcpub::net
