#include "peer/ice_configuration.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/address/host_port.h"
#include "core/ice/ice_error.h"
#include "core/text/text.h"
#include "peer/certificate_verifier.h"
#include "peer/own_addresses.h"
#include "rtc_base/ip_address.h"

namespace rtcpub::peer {
namespace {

using webrtc::PeerConnectionInterface;

constexpr std::size_t kLongestReason = 128;  // RFC 8489 section 14.8

bool isIpv6(const std::string& address) { return address.find(':') != std::string::npos; }

/// Of a socket of one kind that was to ask a server of the other.
bool isOfOtherKind(const std::string& text) {
  return text.find("incompatible") != std::string::npos ||
         text.find("family does not match") != std::string::npos;
}

}  // namespace

Result<void> configureIce(const PeerOptions& options,
                          PeerConnectionInterface::RTCConfiguration& configuration,
                          webrtc::PeerConnectionDependencies& dependencies,
                          std::shared_ptr<SeenCertificates> seen) {
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
    if (server.url.starts_with("turns:")) tlsHosts.push_back(hostOfIceUrl(server.url));
  }
  if (options.relayOnly) configuration.type = PeerConnectionInterface::kRelay;
  configuration.tcp_candidate_policy = PeerConnectionInterface::kTcpCandidatePolicyEnabled;
  if (tlsHosts.empty() || options.insecure) return {};
  auto verifier = makeCertificateVerifier(options.caFile, std::move(tlsHosts), std::move(seen));
  if (!verifier) return tl::unexpected(verifier.error());
  dependencies.tls_cert_verifier = std::move(*verifier);
  return {};
}

std::string hostOfIceUrl(const std::string& url) {
  const std::string_view rest = text::splitAt(url, ':').after.value_or("");
  const auto address = parseHostPort(text::splitAt(rest, '?').before);
  return address ? address->host : std::string();
}

IceServerErrors::IceServerErrors(std::vector<IceServer> servers,
                                 std::function<bool(bool ipv6)> hasAddress)
    : servers_(std::move(servers)), hasAddress_(std::move(hasAddress)) {}

bool IceServerErrors::hasAddressOfKind(bool ipv6) {
  const auto own = ownAddresses();
  return !own || std::any_of(own->begin(), own->end(), [ipv6](const rtc::IPAddress& address) {
    return address.family() == (ipv6 ? AF_INET6 : AF_INET) && !rtc::IPIsLoopback(address) &&
           !rtc::IPIsLinkLocal(address);
  });
}

bool IceServerErrors::isNamed(const std::string& stunUrl) const {
  return std::any_of(servers_.begin(), servers_.end(), [&](const IceServer& server) {
    return server.url.starts_with("stun") && hostOfIceUrl(server.url) == hostOfIceUrl(stunUrl);
  });
}

std::string IceServerErrors::advice(const std::string& url, int code, bool otherKind) const {
  if (otherKind) return "this machine has no address of its kind (IPv4, IPv6)";
  if (code == kIceServerNotReachable && url.starts_with("turns:")) {
    auto problem = certificateProblem(*certificates_, hostOfIceUrl(url));
    if (!problem.empty()) return problem;
  }
  return std::string(adviceForIceError(code));
}

std::string IceServerErrors::onError(const std::string& local, const std::string& url, int code,
                                     const std::string& text) {
  // The engine hides the last part of an address where it logs no details: "127.0.0.x".
  if (local.starts_with("127.") || local.starts_with("[::1") || local.starts_with("[0:0:0:")) {
    return {};
  }
  const bool relay = url.starts_with("turn");
  if (!relay && !isNamed(url)) return {};
  const bool otherKind = isOfOtherKind(text);
  if (otherKind && hasAddress_(!isIpv6(local))) return {};
  std::string line = std::string(relay ? "TURN" : "STUN") + " server " + url + ": " +
                     std::to_string(code) + " " +
                     (text.empty() ? "error" : text::printable(text, kLongestReason)) + ", " +
                     advice(url, code, otherKind);
  return told_.insert(line).second ? line : std::string();
}

}  // namespace rtcpub::peer
