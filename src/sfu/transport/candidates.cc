#include "sfu/transport/candidates.h"

#include <string_view>

namespace rtcpub::sfu {
namespace {

constexpr std::uint32_t kHostPreference = 126;
constexpr std::uint32_t kMaxLocalPreference = 65535;
constexpr std::uint32_t kComponent = 1;

/// RFC 8445 section 5.1.2.1.
std::uint32_t priority(std::uint32_t localPreference) {
  return kHostPreference << 24 | localPreference << 8 | (256 - kComponent);
}

/// "m=video 0 …" is a rejected section.
bool isRejected(std::string_view mLine) {
  const auto port = mLine.find(' ');
  return port != std::string_view::npos && mLine.substr(port).starts_with(" 0 ");
}

}  // namespace

std::string candidateLines(const std::vector<std::string>& addresses, std::uint16_t port) {
  std::string lines;
  std::uint32_t index = 0;
  for (const auto& address : addresses) {
    // Every address is a base of its own, so each candidate has a foundation of its own.
    lines += "a=candidate:" + std::to_string(index + 1) + " " + std::to_string(kComponent) +
             " udp " + std::to_string(priority(kMaxLocalPreference - index)) + " " + address + " " +
             std::to_string(port) + " typ host\r\n";
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
