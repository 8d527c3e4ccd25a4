#include "app/ice_servers.h"

#include <nlohmann/json.hpp>

#include "core/host_port.h"

namespace rtcpub {

std::string iceServersJson(std::string_view host, const std::string& otherwise,
                           const IceOffer& offer) {
  const auto named = parseHostPort(host);
  const std::string name = named ? named->host : otherwise;
  const auto url = [&name](const char* scheme, std::uint16_t port) {
    return scheme + (':' + formatHostPort(name, port));
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
