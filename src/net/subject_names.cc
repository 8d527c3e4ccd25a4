#include "net/subject_names.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <climits>
#include <cstring>
#include <memory>
#include <optional>

#include "core/text/text.h"
#include "core/video/freed_by.h"

namespace rtcpub::net {
namespace {

using IfaddrsPtr = std::unique_ptr<ifaddrs, FreedBy<freeifaddrs>>;

bool isLabel(std::string_view label) {
  constexpr std::size_t kLongest = 63;  // RFC 1035 section 2.3.4
  return !label.empty() && label.size() <= kLongest && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-';
         });
}

std::string hostName() {
  std::array<char, HOST_NAME_MAX + 1> buffer{};
  if (gethostname(buffer.data(), buffer.size() - 1) != 0) return {};
  return buffer.data();
}

/// An interface's address; none for link-local ones of IPv6, which mean nothing without their
/// interface.
std::optional<std::string> addressText(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (address == nullptr) return std::nullopt;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof(v4));
    return inet_ntop(AF_INET, &v4.sin_addr, buffer.data(), buffer.size());
  }
  if (address->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, address, sizeof(v6));
  if (IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr)) return std::nullopt;
  return inet_ntop(AF_INET6, &v6.sin6_addr, buffer.data(), buffer.size());
}

/// As inet_ntop() writes it; nothing if it is no address.
std::optional<std::string> canonical(const std::string& text) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, text.c_str(), bytes.data()) != 1) continue;
    return inet_ntop(family, bytes.data(), buffer.data(), buffer.size());
  }
  return std::nullopt;
}

}  // namespace

bool isDnsName(std::string_view name) {
  constexpr std::size_t kLongest = 253;
  if (name.size() > kLongest) return false;
  while (true) {
    const auto [label, rest] = text::splitAt(name, '.');
    if (!isLabel(label)) return false;
    if (!rest) return true;
    name = *rest;
  }
}

SubjectNames namesOfThisHost(bool reachable) {
  SubjectNames names{.host = {}, .names = {"localhost"}, .addresses = {"127.0.0.1", "::1"}};
  if (const std::string host = text::toLower(hostName()); isDnsName(host)) {
    names.host = host;
    names.names.insert(host);
    if (host.find('.') == std::string::npos) names.names.insert(host + ".local");
  }
  ifaddrs* list = nullptr;
  if (!reachable || getifaddrs(&list) != 0) return names;
  const IfaddrsPtr owner(list);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if ((entry->ifa_flags & IFF_UP) == 0) continue;
    if (auto address = addressText(entry->ifa_addr)) names.addresses.insert(*address);
  }
  return names;
}

Result<void> addNames(SubjectNames& names, const std::vector<std::string>& more) {
  for (const std::string& each : more) {
    if (auto address = canonical(each)) {
      names.addresses.insert(*address);
    } else if (isDnsName(each)) {
      names.names.insert(text::toLower(each));
    } else {
      return fail(ErrorCode::kInvalidArgument,
                  text::quote(each) +
                      " is no name of a server: give it as robots.example or 203.0.113.7, without "
                      "scheme and port");
    }
  }
  return {};
}

}  // namespace rtcpub::net
