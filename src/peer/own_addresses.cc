#include "peer/own_addresses.h"

#include <ifaddrs.h>

#include <memory>

#include "core/video/freed_by.h"
#include "rtc_base/socket_address.h"

namespace rtcpub::peer {

std::optional<std::vector<rtc::IPAddress>> ownAddresses() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return std::nullopt;
  const std::unique_ptr<ifaddrs, FreedBy<freeifaddrs>> owner(list);
  std::vector<rtc::IPAddress> addresses;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr) continue;
    const int family = entry->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    rtc::SocketAddress address;
    const auto* const storage = reinterpret_cast<const sockaddr_storage*>(entry->ifa_addr);
    if (rtc::SocketAddressFromSockAddrStorage(*storage, &address)) {
      addresses.push_back(address.ipaddr());
    }
  }
  return addresses;
}

}  // namespace rtcpub::peer
