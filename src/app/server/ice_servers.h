#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

/// What is known of how a client can call this server.
struct HostClues {
  std::string_view named;  ///< by the client, perhaps with a port
  bool proxied = false;    ///< the name may be that of a proxy, which carries HTTP only
  bool loopback = false;   ///< the client is on this machine
  std::vector<std::string> publicIps;
  std::vector<std::string> ownIps;
};

/// The host at which a client finds the ports for STUN and TURN: as it called the server itself,
/// but a public address that was given where that was a proxy. What isn't a name or an address, or
/// is one of the client's own machine, is replaced by an address of this one; without one it is
/// empty.
std::string publicHost(const HostClues& clues);

/// `{"iceServers":[…],"ttl":…}`, of which the first is what a browser's RTCPeerConnection takes.
std::string iceServersJson(const std::string& host, const IceOffer& offer);

}  // namespace rtcpub
