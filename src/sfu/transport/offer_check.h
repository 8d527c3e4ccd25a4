#pragma once

#include <cstddef>
#include <string_view>

#include "rtcpub/result.h"

namespace rtcpub::sfu {

/// Refuses what libwebrtc's SDP parser is not to see: what is too large, and what it would answer
/// with an assertion instead of an error. Errors: kProtocol.
Result<void> checkOffer(std::string_view sdp);

/// Whether a digest of that many bytes belongs to a hash of RFC 8122.
[[nodiscard]] bool isDigest(std::string_view algorithm, std::size_t size);

}  // namespace rtcpub::sfu
