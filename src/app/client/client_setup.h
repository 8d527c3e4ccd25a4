#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/address/key_fingerprint.h"
#include "core/address/server_url.h"
#include "core/ice/ice_server.h"
#include "core/role.h"
#include "core/session/session.h"
#include "core/session/signal.h"
#include "peer/peer.h"
#include "rtcpub/connection.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// How a client reaches its server, checked.
struct ClientSetup {
  ServerUrl server;
  session::Join join;
  std::string token;  ///< a secret; empty: none
  std::vector<IceServer> iceServers;
  std::string caFile;
  std::optional<KeyFingerprint> fingerprint;
  bool insecure = false;
  bool lan = false;
  bool relayOnly = false;
  bool trickle = true;
  std::optional<std::chrono::milliseconds> maxRetryTime;
  bool failFast = false;
};

/// Checks what publisher and subscriber have in common. Errors: kInvalidArgument.
Result<ClientSetup> checkConnection(const ConnectionOptions& options, Role role);

/// `open`: the data channels on which viewers may send that have no right to drive.
[[nodiscard]] session::Options sessionOptions(const ClientSetup& setup,
                                              std::vector<std::string> open = {});
[[nodiscard]] peer::PeerOptions peerOptions(const ClientSetup& setup);

}  // namespace rtcpub
