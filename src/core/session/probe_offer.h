#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/stun/stun_binding.h"

/// What it takes to ask a server for its media addresses without connecting to them.
namespace rtcpub::sdp {

/// The offer of a data channel only. Its ICE credentials and the fingerprint of its certificate are
/// made of the random bytes: nobody has that certificate, and nothing is ever connected.
std::string probeOffer(const std::array<std::uint8_t, 32>& random);

/// The addresses of the UDP candidates in an answer, each once, in their order.
std::vector<stun::Endpoint> udpCandidates(std::string_view sdp);

/// The one of a candidate line (RFC 8839 section 5.1), with or without "a="; empty if it isn't UDP
/// on an address.
std::vector<stun::Endpoint> udpCandidate(std::string_view line);

}  // namespace rtcpub::sdp
