#include "app/client/client_setup.h"

#include <algorithm>
#include <utility>

#include "core/access/presented_token.h"
#include "core/hub/channel_id.h"
#include "core/session/spider_carrier.h"

namespace rtcpub {
namespace {

/// How long candidates are waited for after the first: a STUN server's answer takes a while, this
/// machine's addresses come at once.
constexpr std::chrono::milliseconds kGathering{1000};
constexpr std::chrono::milliseconds kLocalGathering{200};

Result<void> checkRelays(const ClientSetup& setup) {
  const auto isTurn = [](const IceServer& server) { return server.url.starts_with("turn"); };
  if (!setup.relayOnly || std::any_of(setup.iceServers.begin(), setup.iceServers.end(), isTurn)) {
    return {};
  }
  return fail(ErrorCode::kInvalidArgument,
              "relayOnly: only ways through a TURN server may be used, but there is none; name "
              "one by iceServers turn:USER:PASSWORD@HOST");
}

/// What was asked for; nothing if nothing was.
Result<std::optional<KeyFingerprint>> fingerprintFor(const ServerUrl& server,
                                                     const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto fingerprint = parseKeyFingerprint(text);
  if (!fingerprint) return tl::unexpected(fingerprint.error());
  if (!server.tls) {
    return fail(ErrorCode::kInvalidArgument,
                "a fingerprint needs TLS, which shows one: call the server by wss://");
  }
  return *fingerprint;
}

}  // namespace

Result<ClientSetup> checkConnection(const ConnectionOptions& options, Role role) {
  ClientSetup setup{.server = {},
                    .join = {.role = role, .channel = options.channel},
                    .token = options.token,
                    .iceServers = {},
                    .caFile = options.caFile,
                    .fingerprint = {},
                    .insecure = options.insecure,
                    .lan = options.lan,
                    .relayOnly = options.relayOnly,
                    .trickle = options.trickle,
                    .maxRetryTime = options.maxRetryTime,
                    .failFast = options.failFast};
  if (auto checked = checkChannelId(options.channel); !checked) {
    return tl::unexpected(checked.error());
  }
  auto server = parseServerUrl(options.server);
  if (!server) return tl::unexpected(server.error());
  setup.server = *server;
  if (auto shown = checkPresentedToken(options.token, *server); !shown) {
    return tl::unexpected(shown.error());
  }
  auto fingerprint = fingerprintFor(*server, options.fingerprint);
  if (!fingerprint) return tl::unexpected(fingerprint.error());
  setup.fingerprint = *fingerprint;
  for (const std::string& text : options.iceServers) {
    auto iceServer = parseIceServer(text);
    if (!iceServer) return tl::unexpected(iceServer.error());
    setup.iceServers.push_back(*iceServer);
  }
  if (auto possible = checkRelays(setup); !possible) return tl::unexpected(possible.error());
  if (options.maxRetryTime && options.maxRetryTime->count() < 0) {
    return fail(ErrorCode::kInvalidArgument, "the longest time to retry can't be below 0");
  }
  return setup;
}

session::Options sessionOptions(const ClientSetup& setup, std::vector<std::string> open) {
  return {
      .server = format(setup.server),
      .channel = setup.join.channel,
      .protocol = std::string(session::spider_carrier::kProtocol),
      .role = setup.join.role,
      .open = setup.join.role == Role::kPublisher ? std::move(open) : std::vector<std::string>(),
      .trickle = setup.trickle,
      .relayOnly = setup.relayOnly,
      .gathering = setup.iceServers.empty() ? kLocalGathering : kGathering,
      .maxRetryTime = setup.maxRetryTime,
      .failFast = setup.failFast};
}

peer::PeerOptions peerOptions(const ClientSetup& setup) {
  return {.iceServers = setup.iceServers,
          .relayOnly = setup.relayOnly,
          .caFile = setup.caFile,
          .insecure = setup.insecure,
          .lan = setup.lan};
}

}  // namespace rtcpub
