#include "net/own_hosts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "net/resolve.h"
#include "net/subject_names.h"

namespace rtcpub::net {
namespace {

constexpr std::chrono::milliseconds kNameLimit{500};

/// The address from which packets would leave for a far one; nothing is sent. Empty: none would.
std::string sourceTowards(int family, const char* far) {
  sockaddr_in6 v6{};
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  v4.sin_port = v6.sin6_port = htons(9);  // discard
  const bool ipv4 = family == AF_INET;
  inet_pton(family, far, ipv4 ? static_cast<void*>(&v4.sin_addr) : &v6.sin6_addr);
  auto* const address = ipv4 ? reinterpret_cast<sockaddr*>(&v4) : reinterpret_cast<sockaddr*>(&v6);
  socklen_t size = ipv4 ? sizeof v4 : sizeof v6;
  const int probe = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return {};
  const bool known = connect(probe, address, size) == 0 && getsockname(probe, address, &size) == 0;
  close(probe);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (!known) return {};
  return inet_ntop(family, ipv4 ? static_cast<void*>(&v4.sin_addr) : &v6.sin6_addr, text.data(),
                   text.size());
}

bool leadsToOneOf(const std::string& name, const std::vector<std::string>& addresses) {
  const auto found = resolve(name, kNameLimit);
  return found &&
         std::any_of(
             found->addresses.begin(), found->addresses.end(), [&](const std::string& address) {
               return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
             });
}

}  // namespace

std::vector<std::string> machineNames(const std::vector<std::string>& addresses) {
  std::vector<std::string> names;
  if (addresses.empty()) return names;
  for (const auto& name : namesOfThisHost(false).names) {
    if (name != "localhost" && leadsToOneOf(name, addresses)) names.push_back(name);
  }
  return names;
}

std::vector<std::string> preferredFirst(std::vector<std::string> addresses) {
  // Addresses of the documentation's networks (RFC 5737, RFC 3849).
  const std::array<std::string, 2> preferred{sourceTowards(AF_INET, "203.0.113.1"),
                                             sourceTowards(AF_INET6, "2001:db8::1")};
  std::stable_partition(addresses.begin(), addresses.end(), [&](const std::string& address) {
    return std::find(preferred.begin(), preferred.end(), address) != preferred.end();
  });
  return addresses;
}

}  // namespace rtcpub::net
