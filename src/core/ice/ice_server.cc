#include "core/ice/ice_server.h"

#include <optional>

#include "core/address/host_port.h"
#include "core/address/link_local.h"
#include "core/text/query.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

struct Scheme {
  std::string name;
  bool turn = false;
  std::uint16_t port = 3478;  // RFC 7064 section 3.2, RFC 7065 section 3.2
};

struct Credentials {
  std::string username;
  std::string password;
};

/// `what` must hold nothing that came from the URL: any part of it may be a password that stands in
/// the wrong place.
tl::unexpected<Error> refuse(std::string_view what) {
  return fail(ErrorCode::kInvalidArgument, "ICE server: " + std::string(what) +
                                               "; write it as stun:HOST:PORT or "
                                               "turn:USER:PASSWORD@HOST:PORT?transport=udp");
}

std::optional<Scheme> findScheme(std::string_view text) {
  const auto name = text::toLower(text);
  if (name == "stun") return Scheme{name, false, 3478};
  if (name == "stuns") return Scheme{name, false, 5349};
  if (name == "turn") return Scheme{name, true, 3478};
  if (name == "turns") return Scheme{name, true, 5349};
  return std::nullopt;
}

Result<Credentials> parseCredentials(std::string_view text) {
  const auto [user, password] = text::splitAt(text, ':');
  auto username = query::percentDecode(user);
  if (!username) return refuse("the user's name: " + username.error().message);
  auto secret = query::percentDecode(password.value_or(""));
  if (!secret) return refuse("the password: " + secret.error().message);
  if (username->empty() || secret->empty()) return refuse("TURN needs a user and a password");
  return Credentials{*std::move(username), *std::move(secret)};
}

/// Empty, or with its '?'.
Result<std::string> parseTransport(std::optional<std::string_view> option, bool turn) {
  if (!option) return std::string();
  if (!turn || (option != "transport=udp" && option != "transport=tcp")) {
    return refuse("the only option is TURN's ?transport=udp or ?transport=tcp");
  }
  return '?' + std::string(*option);
}

}  // namespace

Result<IceServer> parseIceServer(std::string_view text) {
  const auto [schemeText, rest] = text::splitAt(text, ':');
  const auto scheme = findScheme(schemeText);
  if (!scheme || !rest) return refuse("it begins with none of stun: stuns: turn: turns:");

  IceServer server;
  auto address = *rest;
  // The last one: a password with an '@' in it is then no riddle.
  const auto at = rest->rfind('@');
  if (scheme->turn != (at != std::string_view::npos)) {
    return refuse(scheme->turn ? "TURN needs a user and a password"
                               : "STUN takes no user and password");
  }
  if (scheme->turn) {
    auto credentials = parseCredentials(rest->substr(0, at));
    if (!credentials) return tl::unexpected(credentials.error());
    server.username = std::move(credentials->username);
    server.password = std::move(credentials->password);
    address = rest->substr(at + 1);
  }
  const auto [hostText, options] = text::splitAt(address, '?');
  const auto host = parseHostPort(hostText);
  if (!host) return refuse(host.error().message);
  if (!zoneOf(host->host).empty()) return refuse("the engine can't ask a link-local address");
  const auto transport = parseTransport(options, scheme->turn);
  if (!transport) return tl::unexpected(transport.error());
  server.url = scheme->name + ':' + formatHostPort(host->host, host->port.value_or(scheme->port)) +
               *transport;
  return server;
}

Result<HostPort> addressOf(const IceServer& server) {
  const auto [scheme, rest] = text::splitAt(server.url, ':');
  auto address = parseHostPort(text::splitAt(rest.value_or(""), '?').before);
  if (address && !address->port) address->port = scheme.ends_with('s') ? 5349 : 3478;
  return address;
}

bool isUdp(const IceServer& server) {
  return !server.url.starts_with("turns:") && !server.url.starts_with("stuns:") &&
         !server.url.ends_with("?transport=tcp");
}

}  // namespace rtcpub
