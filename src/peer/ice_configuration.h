#pragma once

#include <string>
#include <unordered_set>

#include "api/peer_connection_interface.h"
#include "peer/peer.h"
#include "rtcpub/result.h"

namespace rtcpub::peer {

/// Which ways to the server are looked for. Errors: kInvalidArgument (the file of certificates).
Result<void> configureIce(const PeerOptions& options,
                          webrtc::PeerConnectionInterface::RTCConfiguration& configuration,
                          webrtc::PeerConnectionDependencies& dependencies);

/// What ICE servers complain of, told once for each server and complaint, since every interface
/// asks every one of them, and again and again. Runs on: the thread of who calls it.
class IceServerErrors {
 public:
  /// A line for a person; empty if it was told already, or means nothing: from the loopback
  /// interface, whose address `local` is then, no server elsewhere can be reached.
  std::string onError(const std::string& local, const std::string& url, int code,
                      const std::string& text);

 private:
  std::unordered_set<std::string> told_;
};

}  // namespace rtcpub::peer
