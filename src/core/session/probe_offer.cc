#include "core/session/probe_offer.h"

#include <algorithm>
#include <cctype>

#include "core/text/text.h"

namespace rtcpub::sdp {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEF";

std::string hex(std::span<const std::uint8_t> bytes, std::string_view separator) {
  std::string out;
  for (const auto byte : bytes) {
    if (!out.empty()) out += separator;
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> found;
  while (!line.empty()) {
    const auto end = line.find(' ');
    if (end != 0) found.push_back(line.substr(0, end));
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  }
  return found;
}

/// As far as an attribute tells addresses and names apart.
bool isAddress(std::string_view text) {
  return !text.empty() && text.size() <= 45 && std::ranges::all_of(text, [](unsigned char letter) {
    return std::isxdigit(letter) != 0 || letter == '.' || letter == ':';
  });
}

}  // namespace

std::string probeOffer(const std::array<std::uint8_t, 32>& random) {
  const std::span bytes(random);
  return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
         "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:" +
         hex(bytes.first(4), "") + "\r\na=ice-pwd:" + hex(bytes.subspan(4, 12), "") +
         "\r\na=fingerprint:sha-256 " + hex(bytes, ":") +
         "\r\na=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n";
}

std::vector<stun::Endpoint> udpCandidate(std::string_view line) {
  if (line.starts_with("a=")) line.remove_prefix(2);
  const auto parts = words(line);
  if (parts.size() < 8 || !parts[0].starts_with("candidate:") || text::toLower(parts[2]) != "udp") {
    return {};
  }
  const auto port = text::parseInteger(parts[5], 1, 65535);
  if (!port || !isAddress(parts[4])) return {};
  return {{std::string(parts[4]), static_cast<std::uint16_t>(*port)}};
}

std::vector<stun::Endpoint> udpCandidates(std::string_view sdp) {
  std::vector<stun::Endpoint> found;
  while (!sdp.empty()) {
    const auto end = sdp.find('\n');
    auto line = sdp.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (const auto& each : udpCandidate(line)) {
      if (std::ranges::find(found, each) == found.end()) found.push_back(each);
    }
    sdp.remove_prefix(end == std::string_view::npos ? sdp.size() : end + 1);
  }
  return found;
}

}  // namespace rtcpub::sdp
