#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>

namespace rtcpub::sfu {

/// An IPv6 address, or an IPv4 one as mapped into IPv6 (RFC 4291 section 2.5.5.2), so that one
/// socket and one table serve both.
using IpAddress = std::array<std::uint8_t, 16>;

/// ::ffff:a.b.c.d from four bytes in network order.
[[nodiscard]] IpAddress mappedIpv4(const std::uint8_t* bytes);
[[nodiscard]] bool isIpv4(const IpAddress& address);
/// Nothing if the text is no address.
[[nodiscard]] std::optional<IpAddress> parseIp(const std::string& text);
/// "192.0.2.1" or "2001:db8::1".
[[nodiscard]] std::string toString(const IpAddress& address);

struct Endpoint {
  IpAddress ip{};
  std::uint16_t port = 0;   ///< host order
  std::uint32_t scope = 0;  ///< the interface of a link-local address
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Both ends of a datagram's way. `local` is the address that was asked, and that a reply must
/// leave from; all zero if unknown.
struct Path {
  Endpoint remote;
  IpAddress local{};
  std::uint32_t stream = 0;  ///< a TCP connection or a TURN allocation; 0: the media port itself
  friend bool operator==(const Path&, const Path&) = default;
};

struct PathHash {
  std::size_t operator()(const Path& path) const noexcept {
    std::array<std::uint64_t, 4> words{};
    std::memcpy(words.data(), path.remote.ip.data(), 16);
    std::memcpy(words.data() + 2, path.local.data(), 16);
    std::uint64_t hash = std::uint64_t{path.stream} << 16 | path.remote.port;
    for (const auto word : words) {  // the finalizer of splitmix64 spreads every word's bits
      hash = (hash ^ word) * 0xBF58476D1CE4E5B9ULL;
      hash ^= hash >> 29;
    }
    return static_cast<std::size_t>(hash);
  }
};

}  // namespace rtcpub::sfu
