#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rtcpub::sfu {

/// The server's host candidates (RFC 8445 section 5.1) as SDP attribute lines, in the order of
/// preference in which the addresses are given, with the mark that there are no more.
[[nodiscard]] std::string candidateLines(const std::vector<std::string>& addresses,
                                         std::uint16_t port);

/// Puts `lines` at the end of every section of an SDP that is not rejected.
[[nodiscard]] std::string addToSections(const std::string& sdp, const std::string& lines);

}  // namespace rtcpub::sfu
