#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rtcpub::sfu {

/// Addresses, the best first, and the port at which each can be reached.
struct Reachable {
  std::vector<std::string> addresses;
  std::uint16_t port = 0;
};

/// The server's host candidates (RFC 8445 section 5.1) as SDP attribute lines, in the order of
/// preference in which the addresses are given, with the mark that there are no more. Those for TCP
/// are passive (RFC 6544) and come after all for UDP.
[[nodiscard]] std::string candidateLines(const Reachable& udp, const Reachable& tcp);

/// Puts `lines` at the end of every section of an SDP that is not rejected.
[[nodiscard]] std::string addToSections(const std::string& sdp, const std::string& lines);

}  // namespace rtcpub::sfu
