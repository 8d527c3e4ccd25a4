#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace rtcpub {

/// What the server offers besides itself to who looks for a way to it.
struct IceOffer {
  std::uint16_t stunPort = 0;     ///< UDP
  std::uint16_t turnUdpPort = 0;  ///< 0: there is none
  std::uint16_t turnTcpPort = 0;  ///< likewise
  std::string username;
  std::string password;
  std::chrono::seconds life{};
};

/// `{"iceServers":[…],"ttl":…}`, of which the first is what a browser's RTCPeerConnection takes.
/// `host` is how the client names the server, perhaps with a port; what isn't a name or an address
/// is replaced by `otherwise`.
std::string iceServersJson(std::string_view host, const std::string& otherwise,
                           const IceOffer& offer);

}  // namespace rtcpub
