#include "core/address/host_port.h"

#include <algorithm>

#include "core/address/link_local.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::size_t kMaxHostLength = 253;  // RFC 1035 section 2.3.4, without the root's dot
constexpr std::size_t kMaxZoneLength = 15;   // of an interface's name on Linux (IFNAMSIZ)

bool isAlphanumeric(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isNameCharacter(char c) { return isAlphanumeric(c) || c == '-' || c == '.' || c == '_'; }

/// Only whether it can be an address: the resolver knows the rest.
bool looksLikeIpv6(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos &&
         std::ranges::count(text, ':') >= 2;
}

/// The host with its zone in the form that the system's functions take.
Result<std::string> checkZoned(std::string_view address, std::string_view zone) {
  constexpr std::string_view kEscape = "25";  // of '%' (RFC 6874 section 2)
  if (zone.size() > kEscape.size() && zone.starts_with(kEscape)) zone.remove_prefix(2);
  if (zone.empty() || zone.size() > kMaxZoneLength || !std::ranges::all_of(zone, isNameCharacter)) {
    return fail(ErrorCode::kInvalidArgument, "no interface has the name behind the '%'");
  }
  if (!isLinkLocalIpv6(address)) {
    return fail(ErrorCode::kInvalidArgument,
                "only a link-local address (fe80::…) has an interface's name behind it");
  }
  return std::string(address) + '%' + std::string(zone);
}

Result<std::string> checkHost(std::string_view host, bool bracketed) {
  if (host.empty()) return fail(ErrorCode::kInvalidArgument, "the host is missing");
  if (host.size() > kMaxHostLength) {
    return fail(ErrorCode::kInvalidArgument, "the host's name is over 253 characters long");
  }
  const auto [address, zone] = text::splitAt(host, '%');
  if (bracketed && zone && looksLikeIpv6(address)) return checkZoned(address, *zone);
  if (bracketed && !looksLikeIpv6(host)) {
    return fail(ErrorCode::kInvalidArgument, "there is no IPv6 address in the brackets");
  }
  if (!bracketed && !std::ranges::all_of(host, isNameCharacter)) {
    return fail(ErrorCode::kInvalidArgument, "the host's name has a character that none can have");
  }
  return std::string(host);
}

Result<std::uint16_t> parsePort(std::string_view text) {
  const auto port = text::parseInteger(text, 1, 65535);
  if (!port) return fail(ErrorCode::kInvalidArgument, "the port must be a number from 1 to 65535");
  return static_cast<std::uint16_t>(*port);
}

struct Parts {
  std::string_view host;
  bool bracketed = false;
  std::optional<std::string_view> port;
};

Result<Parts> splitBracketed(std::string_view text) {
  const auto [address, rest] = text::splitAt(text.substr(1), ']');
  if (!rest) return fail(ErrorCode::kInvalidArgument, "the closing bracket is missing");
  if (rest->empty()) return Parts{address, true, std::nullopt};
  if (rest->front() != ':') {
    return fail(ErrorCode::kInvalidArgument, "only :PORT can stand behind the closing bracket");
  }
  return Parts{address, true, rest->substr(1)};
}

Result<Parts> split(std::string_view text) {
  if (text.starts_with('[')) return splitBracketed(text);
  if (std::ranges::count(text, ':') > 1) {
    return fail(ErrorCode::kInvalidArgument,
                "there is more than one ':'; an IPv6 address goes into brackets, as [::1]:PORT");
  }
  const auto [host, port] = text::splitAt(text, ':');
  return Parts{host, false, port};
}

}  // namespace

Result<HostPort> parseHostPort(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return tl::unexpected(parts.error());
  auto host = checkHost(parts->host, parts->bracketed);
  if (!host) return tl::unexpected(host.error());
  HostPort result{*std::move(host), std::nullopt};
  if (parts->port) {
    const auto port = parsePort(*parts->port);
    if (!port) return tl::unexpected(port.error());
    result.port = *port;
  }
  return result;
}

std::string formatHostPort(std::string_view host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string_view::npos;
  std::string out;
  if (ipv6) out += '[';
  out += host;
  if (ipv6) out += ']';
  return out + ':' + std::to_string(port);
}

}  // namespace rtcpub
