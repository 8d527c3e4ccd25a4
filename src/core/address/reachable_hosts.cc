#include "core/address/reachable_hosts.h"

#include <algorithm>

#include "core/address/link_local.h"

namespace rtcpub {
namespace {

bool isIpv6(const std::string& address) { return address.find(':') != std::string::npos; }

/// Whether another machine that calls this address gets to the listener. Link-local IPv6 addresses
/// mean nothing to a browser.
bool leadsTo(const ListenAddress& listen, const std::string& address) {
  if (ListenAddress{.address = address}.loopback() || isLinkLocalIpv6(address)) return false;
  if (listen.address == "::") return true;
  if (listen.address == "0.0.0.0") return !isIpv6(address);
  return listen.address == address;
}

void addOnce(std::vector<std::string>& hosts, const std::string& host) {
  if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
}

}  // namespace

std::vector<std::string> reachableHosts(const ListenAddress& listen, const HostSources& sources) {
  std::vector<std::string> hosts;
  if (listen.loopback()) return hosts;
  for (const auto& name : sources.names) addOnce(hosts, name);
  for (const auto& address : sources.publicIps) addOnce(hosts, address);
  for (const auto& address : sources.ownIps) {
    if (leadsTo(listen, address)) addOnce(hosts, address);
  }
  for (const auto& name : sources.machineNames) addOnce(hosts, name);
  return hosts;
}

}  // namespace rtcpub
