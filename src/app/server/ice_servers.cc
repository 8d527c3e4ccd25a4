#include "app/server/ice_servers.h"

#include <nlohmann/json.hpp>

#include "core/address/host_port.h"
#include "core/address/link_local.h"
#include "core/address/listen_address.h"

namespace rtcpub {

namespace {

bool isLoopback(const std::string& host) {
  return host == "localhost" || ListenAddress{.address = host}.loopback();
}

}  // namespace

std::string publicHost(const HostClues& clues) {
  if (clues.proxied && !clues.publicIps.empty()) return clues.publicIps.front();
  const auto named = parseHostPort(clues.named);
  const bool usable = named && (clues.loopback || !isLoopback(named->host));
  if (usable) return std::string(withoutZone(named->host));
  return clues.ownIps.empty() ? "" : clues.ownIps.front();
}

std::string iceServersJson(const std::string& host, const IceOffer& offer) {
  const auto url = [&host](const char* scheme, std::uint16_t port) {
    return scheme + (':' + formatHostPort(host, port));
  };
  nlohmann::json relays = nlohmann::json::array();
  if (offer.turnUdpPort != 0) {
    relays.push_back(url("turn", offer.turnUdpPort) + "?transport=udp");
  }
  if (offer.turnTcpPort != 0) {
    relays.push_back(url("turn", offer.turnTcpPort) + "?transport=tcp");
  }
  nlohmann::json servers = nlohmann::json::array();
  servers.push_back({{"urls", nlohmann::json::array({url("stun", offer.stunPort)})}});
  if (!relays.empty()) {
    servers.push_back(
        {{"urls", relays}, {"username", offer.username}, {"credential", offer.password}});
  }
  return nlohmann::json{{"iceServers", servers}, {"ttl", offer.life.count()}}.dump();
}

}  // namespace rtcpub
