#pragma once

#include <string>
#include <vector>

namespace rtcpub::net {

/// The names of this machine, as DNS or mDNS has them, that lead to one of its `addresses` and not
/// to loopback alone. Asks the name service: waits no longer than half a second for each of two.
std::vector<std::string> machineNames(const std::vector<std::string>& addresses);

/// The addresses, those first by which this machine calls others.
std::vector<std::string> preferredFirst(std::vector<std::string> addresses);

}  // namespace rtcpub::net
