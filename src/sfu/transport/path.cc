#include "sfu/transport/path.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

namespace rtcpub::sfu {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

IpAddress mappedIpv4(const std::uint8_t* bytes) {
  IpAddress mapped{};
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), mapped.begin());
  std::copy_n(bytes, 4, mapped.begin() + kMappedPrefix.size());
  return mapped;
}

bool isIpv4(const IpAddress& address) {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.begin());
}

std::optional<IpAddress> parseIp(const std::string& text) {
  std::array<std::uint8_t, 4> v4{};
  if (inet_pton(AF_INET, text.c_str(), v4.data()) == 1) return mappedIpv4(v4.data());
  IpAddress v6{};
  if (inet_pton(AF_INET6, text.c_str(), v6.data()) == 1) return v6;
  return std::nullopt;
}

std::string toString(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (isIpv4(address)) {
    inet_ntop(AF_INET, address.data() + kMappedPrefix.size(), text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  }
  return text.data();
}

}  // namespace rtcpub::sfu
