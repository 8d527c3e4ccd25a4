#include "net/tcp_options.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cstring>
#include <memory>

#include "core/video/freed_by.h"

namespace rtcpub::net {
namespace {

/// Milliseconds without an acknowledgement (RFC 5482).
constexpr unsigned kUserTimeout = 8000;

bool isAddress(const sockaddr* entry, const asio::ip::address& address) {
  if (entry == nullptr) return false;
  if (entry->sa_family == AF_INET && address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return std::memcmp(&reinterpret_cast<const sockaddr_in*>(entry)->sin_addr, bytes.data(),
                       bytes.size()) == 0;
  }
  if (entry->sa_family == AF_INET6 && address.is_v6()) {
    const auto bytes = address.to_v6().to_bytes();
    return std::memcmp(&reinterpret_cast<const sockaddr_in6*>(entry)->sin6_addr, bytes.data(),
                       bytes.size()) == 0;
  }
  return false;
}

}  // namespace

std::optional<asio::ip::address> prepareTcp(tcp::socket& socket) {
  error_code error;
  socket.set_option(tcp::no_delay(true), error);
  (void)setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &kUserTimeout,
                   sizeof kUserTimeout);
  const auto local = socket.local_endpoint(error);
  if (error) return std::nullopt;
  return local.address();
}

bool hasAddress(const asio::ip::address& address) {
  if (address.is_loopback()) return true;  // all of 127.0.0.0/8, which no interface lists
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return true;
  const std::unique_ptr<ifaddrs, FreedBy<freeifaddrs>> owner(list);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (isAddress(entry->ifa_addr, address)) return true;
  }
  return false;
}

}  // namespace rtcpub::net
