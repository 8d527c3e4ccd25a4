#include "peer/ice_configuration.h"

#include <utility>
#include <vector>

#include "core/host_port.h"
#include "core/text.h"
#include "peer/certificate_verifier.h"

namespace rtcpub::peer {
namespace {

using webrtc::PeerConnectionInterface;

constexpr int kUnauthorized = 401;  // RFC 8489 section 14.8
constexpr int kForbidden = 403;
constexpr int kQuotaReached = 486;  // RFC 8656 section 19
constexpr int kNoCapacity = 508;
/// The browsers' own code for a server that is silent or can't be called
/// (W3C WebRTC, RTCPeerConnectionIceErrorEvent).
constexpr int kNotReachable = 701;

/// Of "turns:host:port?transport=tcp".
std::string hostOf(const std::string& url) {
  const std::string_view rest = text::splitAt(url, ':').after.value_or("");
  const auto address = parseHostPort(text::splitAt(rest, '?').before);
  return address ? address->host : std::string();
}

std::string_view adviceFor(int code) {
  switch (code) {
    case kUnauthorized:
    case kForbidden:
      return "check user and password";
    case kQuotaReached:
    case kNoCapacity:
      return "it has too many clients";
    case kNotReachable:
      return "check its address, and that firewalls let it through";
    default:
      return "see its log";
  }
}

}  // namespace

Result<void> configureIce(const PeerOptions& options,
                          PeerConnectionInterface::RTCConfiguration& configuration,
                          webrtc::PeerConnectionDependencies& dependencies) {
  std::vector<std::string> tlsHosts;
  for (const auto& server : options.iceServers) {
    PeerConnectionInterface::IceServer added;
    added.urls = {server.url};
    added.username = server.username;
    added.password = server.password;
    if (options.insecure) {
      added.tls_cert_policy = PeerConnectionInterface::kTlsCertPolicyInsecureNoCheck;
    }
    configuration.servers.push_back(std::move(added));
    if (server.url.starts_with("turns:")) tlsHosts.push_back(hostOf(server.url));
  }
  if (options.relayOnly) configuration.type = PeerConnectionInterface::kRelay;
  configuration.tcp_candidate_policy = PeerConnectionInterface::kTcpCandidatePolicyEnabled;
  if (tlsHosts.empty() || options.insecure) return {};
  auto verifier = makeCertificateVerifier(options.caFile, std::move(tlsHosts));
  if (!verifier) return tl::unexpected(verifier.error());
  dependencies.tls_cert_verifier = std::move(*verifier);
  return {};
}

std::string IceServerErrors::onError(const std::string& local, const std::string& url, int code,
                                     const std::string& text) {
  // The engine hides the last part of an address where it logs no details: "127.0.0.x".
  if (local.starts_with("127.") || local.starts_with("[::1") || local.starts_with("[0:0:0:")) {
    return {};
  }
  std::string line = std::string(url.starts_with("turn") ? "TURN" : "STUN") + " server " + url +
                     ": " + std::to_string(code) + " " + (text.empty() ? "error" : text) + ", " +
                     std::string(adviceFor(code));
  return told_.insert(line).second ? line : std::string();
}

}  // namespace rtcpub::peer
