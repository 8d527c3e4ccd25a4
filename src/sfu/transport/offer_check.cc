#include "sfu/transport/offer_check.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "sfu/transport/answer.h"

namespace rtcpub::sfu {
namespace {

constexpr std::size_t kMaxSections = 64;

/// The third field of "m=<media> <port> <proto> <fmt>…".
std::string_view protocolOf(std::string_view line) {
  std::array<std::string_view, 3> fields;
  for (auto& field : fields) {
    const auto end = line.find(' ');
    field = line.substr(0, end);
    line.remove_prefix(end == line.npos ? line.size() : end + 1);
  }
  return fields[2];
}

bool isKnownProtocol(std::string_view mLine) {
  constexpr std::array<std::string_view, 9> kProtocols{
      "UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "TCP/TLS/RTP/SAVPF", "RTP/SAVPF", "RTP/SAVP",
      "UDP/DTLS/SCTP",     "TCP/DTLS/SCTP",    "DTLS/SCTP",         "RTP/AVPF"};
  return std::find(kProtocols.begin(), kProtocols.end(), protocolOf(mLine)) != kProtocols.end();
}

bool isSound(std::string_view mLine) {
  const bool data = mLine.starts_with("m=application ");
  if (data != (protocolOf(mLine).find("SCTP") != std::string_view::npos)) return false;
  const bool media = mLine.starts_with("m=audio ") || mLine.starts_with("m=video ");
  return !(data || media) || isKnownProtocol(mLine);
}

}  // namespace

Result<void> checkOffer(std::string_view sdp) {
  if (sdp.size() > kMaxOfferSize) {
    return fail(ErrorCode::kProtocol, "the offer is larger than 256 KiB");
  }
  if (sdp.find('\0') != sdp.npos) return fail(ErrorCode::kProtocol, "the offer has a zero byte");
  std::size_t sections = 0;
  while (!sdp.empty()) {
    const auto end = sdp.find('\n');
    auto line = sdp.substr(0, end);
    sdp.remove_prefix(end == sdp.npos ? sdp.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.starts_with("m=")) continue;
    if (++sections > kMaxSections) {
      return fail(ErrorCode::kProtocol, "the offer has more than 64 sections");
    }
    if (!isSound(line)) {
      return fail(ErrorCode::kProtocol,
                  "the offer has a section that is neither RTP nor SCTP over DTLS: \"" +
                      std::string(line.substr(0, 100)) + "\"");
    }
  }
  return {};
}

bool isDigest(std::string_view algorithm, std::size_t size) {
  constexpr std::array<std::pair<std::string_view, std::size_t>, 5> kHashes{
      {{"sha-1", 20}, {"sha-224", 28}, {"sha-256", 32}, {"sha-384", 48}, {"sha-512", 64}}};
  return std::find(kHashes.begin(), kHashes.end(), std::pair{algorithm, size}) != kHashes.end();
}

}  // namespace rtcpub::sfu
