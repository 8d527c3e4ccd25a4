#include "sfu/transport/interfaces.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "core/video/freed_by.h"

namespace rtcpub::sfu {
namespace {

bool isLoopback(const IpAddress& address) {
  if (isIpv4(address)) return address[12] == 127;
  return std::all_of(address.begin(), address.end() - 1, [](auto b) { return b == 0; }) &&
         address.back() == 1;
}

std::optional<IpAddress> addressOf(const ifaddrs& entry, bool ipv6) {
  if (entry.ifa_addr == nullptr || (entry.ifa_flags & IFF_UP) == 0) return std::nullopt;
  if (entry.ifa_addr->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, entry.ifa_addr, sizeof v4);
    return mappedIpv4(reinterpret_cast<const std::uint8_t*>(&v4.sin_addr));
  }
  if (ipv6 && entry.ifa_addr->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, entry.ifa_addr, sizeof v6);
    IpAddress address{};
    std::memcpy(address.data(), &v6.sin6_addr, address.size());
    return address;
  }
  return std::nullopt;
}

void addUnique(std::vector<std::string>& list, const std::string& address) {
  const bool known = std::find(list.begin(), list.end(), address) != list.end();
  if (!known && list.size() < kMaxHostAddresses) list.push_back(address);
}

}  // namespace

bool isLinkLocal(const IpAddress& address) {
  if (isIpv4(address)) return address[12] == 169 && address[13] == 254;
  return address[0] == 0xFE && (address[1] & 0xC0) == 0x80;
}

bool isReachable(const IpAddress& address) {
  if (isLoopback(address) || isLinkLocal(address)) return false;
  if (isIpv4(address)) return address[12] != 0 && address[12] < 224;
  const bool unspecified = address == IpAddress{};
  return !unspecified && address[0] != 0xFF;
}

HostAddresses hostAddresses(bool ipv6) {
  HostAddresses found;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return found;
  const std::unique_ptr<ifaddrs, FreedBy<freeifaddrs>> owner(list);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    const auto address = addressOf(*entry, ipv6);
    if (!address) continue;
    if (isReachable(*address)) {
      addUnique(found.usable, toString(*address));
    } else if (isLinkLocal(*address)) {
      addUnique(found.linkLocal, toString(*address));
    } else if (isLoopback(*address)) {
      addUnique(found.loopback, toString(*address));
    }
  }
  return found;
}

std::vector<std::string> addressesFor(const HostAddresses& host,
                                      const std::vector<std::string>& publicIps, bool loopback,
                                      const std::string& called) {
  auto addresses = publicIps.empty() ? host.usable : publicIps;
  if (addresses.empty()) addresses = host.linkLocal;
  const auto reached = parseIp(called);
  if (reached && isLinkLocal(*reached)) {
    // No router leads here from there: an address of another link is of no use to it.
    const auto text = toString(*reached);
    if (std::find(addresses.begin(), addresses.end(), text) == addresses.end()) {
      addresses.push_back(text);
    }
  }
  if (loopback || addresses.empty()) {
    addresses.insert(addresses.end(), host.loopback.begin(), host.loopback.end());
  }
  return addresses;
}

std::vector<std::string> addressesOfListener(const std::string& listen,
                                             const std::vector<std::string>& addresses,
                                             const std::vector<std::string>& publicIps) {
  const auto ip = parseIp(listen);
  if (!ip) return {};
  if (*ip == IpAddress{}) return addresses;
  std::vector<std::string> reached;
  const bool anyIpv4 = *ip == *parseIp("0.0.0.0");
  const bool outside = isReachable(*ip) && !publicIps.empty();
  std::copy_if(addresses.begin(), addresses.end(), std::back_inserter(reached),
               [&](const std::string& address) {
                 const auto known = parseIp(address);
                 if (!known) return false;
                 if (anyIpv4) return isIpv4(*known);
                 return *known == *ip || (outside && isReachable(*known));
               });
  return reached;
}

}  // namespace rtcpub::sfu
