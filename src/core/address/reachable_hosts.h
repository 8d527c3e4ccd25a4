#pragma once

#include <string>
#include <vector>

#include "core/address/listen_address.h"

namespace rtcpub {

/// What is known of where a server can be called from other machines.
struct HostSources {
  std::vector<std::string> names;         ///< given: names, or addresses
  std::vector<std::string> publicIps;     ///< given: they stand for this machine's own
  std::vector<std::string> machineNames;  ///< of this machine, that are known to lead to it
  std::vector<std::string> ownIps;        ///< of its interfaces, the best first; not loopback
};

/// Hosts by which other machines reach a server that listens so, the best first: what was given,
/// then addresses, which work everywhere, then names. None for one that listens on loopback: where
/// a proxy before it can be called isn't known.
std::vector<std::string> reachableHosts(const ListenAddress& listen, const HostSources& sources);

}  // namespace rtcpub
