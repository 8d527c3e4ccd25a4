#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "api/peer_connection_interface.h"
#include "peer/certificate_verifier.h"
#include "peer/peer.h"
#include "rtcpub/result.h"

namespace rtcpub::peer {

/// Which ways to the server are looked for. `seen`, if not null, gets the certificates of `turns:`
/// servers. Errors: kInvalidArgument (the file of certificates).
Result<void> configureIce(const PeerOptions& options,
                          webrtc::PeerConnectionInterface::RTCConfiguration& configuration,
                          webrtc::PeerConnectionDependencies& dependencies,
                          std::shared_ptr<SeenCertificates> seen = nullptr);

/// "relay.example" of "turns:relay.example:5349?transport=tcp".
std::string hostOfIceUrl(const std::string& url);

/// What ICE servers complain of, told once for each server and complaint, since every interface
/// asks every one of them, and again and again. Runs on: the thread of who calls it.
class IceServerErrors {
 public:
  /// `hasAddress` says whether this machine has an IPv4 (false) or IPv6 address by which others
  /// may be reached.
  explicit IceServerErrors(std::vector<IceServer> servers = {},
                           std::function<bool(bool ipv6)> hasAddress = hasAddressOfKind);

  /// Where the certificates of its servers go.
  [[nodiscard]] std::shared_ptr<SeenCertificates> certificates() const { return certificates_; }

  /// A line for a person; empty if it was told already, or means nothing: from the loopback
  /// interface, whose address `local` is then, no server elsewhere can be reached; nor from an IPv4
  /// address one that has IPv6, which is asked from others; and of a TURN server that the engine
  /// asks by STUN, too, the former tells.
  std::string onError(const std::string& local, const std::string& url, int code,
                      const std::string& text);

 private:
  static bool hasAddressOfKind(bool ipv6);
  [[nodiscard]] bool isNamed(const std::string& stunUrl) const;
  [[nodiscard]] std::string advice(const std::string& url, int code, bool otherKind) const;

  std::vector<IceServer> servers_;
  std::function<bool(bool ipv6)> hasAddress_;
  std::shared_ptr<SeenCertificates> certificates_ = std::make_shared<SeenCertificates>();
  std::unordered_set<std::string> told_;
};

}  // namespace rtcpub::peer
