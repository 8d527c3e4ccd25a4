#include "sfu/transport/candidates.h"

#include <string_view>

namespace rtcpub::sfu {
namespace {

constexpr std::uint32_t kHostPreference = 126;
constexpr std::uint32_t kMaxLocalPreference = 65535;
constexpr std::uint32_t kComponent = 1;

/// As libwebrtc's: RFC 6544 section 4.2 wants it below UDP's.
constexpr std::uint32_t kTcpHostPreference = 90;
/// The direction of a passive host candidate, above the preference among the addresses.
constexpr std::uint32_t kPassive = 4U << 13U;
constexpr std::uint32_t kMaxOtherPreference = 8191;

/// RFC 8445 section 5.1.2.1.
std::uint32_t priority(std::uint32_t typePreference, std::uint32_t localPreference) {
  return typePreference << 24 | localPreference << 8 | (256 - kComponent);
}

/// Every address is a base of its own, so each candidate has a foundation of its own.
std::string candidateLine(std::size_t foundation, const std::string& transport,
                          std::uint32_t priority, const std::string& address, std::uint16_t port) {
  return "a=candidate:" + std::to_string(foundation) + " " + std::to_string(kComponent) + " " +
         transport + " " + std::to_string(priority) + " " + address + " " + std::to_string(port) +
         " typ host";
}

/// "m=video 0 …" is a rejected section.
bool isRejected(std::string_view mLine) {
  const auto port = mLine.find(' ');
  return port != std::string_view::npos && mLine.substr(port).starts_with(" 0 ");
}

}  // namespace

std::string candidateLines(const Reachable& udp, const Reachable& tcp) {
  std::string lines;
  std::uint32_t index = 0;
  for (const auto& address : udp.addresses) {
    lines += candidateLine(index + 1, "udp", priority(kHostPreference, kMaxLocalPreference - index),
                           address, udp.port) +
             "\r\n";
    ++index;
  }
  index = 0;
  for (const auto& address : tcp.addresses) {
    lines += candidateLine(udp.addresses.size() + index + 1, "tcp",
                           priority(kTcpHostPreference, kPassive | (kMaxOtherPreference - index)),
                           address, tcp.port) +
             " tcptype passive\r\n";
    ++index;
  }
  return lines + "a=end-of-candidates\r\n";
}

std::string addToSections(const std::string& sdp, const std::string& lines) {
  std::string edited;
  edited.reserve(sdp.size() + 4 * lines.size());
  bool wanted = false;  // whether the section being copied gets the lines
  std::string_view rest(sdp);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    if (line.starts_with("m=")) {
      if (wanted) edited += lines;
      wanted = !isRejected(line);
    }
    edited += line;
    rest.remove_prefix(line.size());
  }
  if (wanted) edited += lines;
  return edited;
}

}  // namespace rtcpub::sfu
