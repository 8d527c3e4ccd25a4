#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "rtcpub/result.h"

namespace rtcpub {

/// What a server is known by: the SHA-256 of its public key (SubjectPublicKeyInfo in DER, RFC 7469
/// section 2.4). Unlike the certificate's own hash it outlives each renewal that keeps the key.
using KeyFingerprint = std::array<std::uint8_t, 32>;

/// Reads `sha256:` and 64 hexadecimal digits, between whose pairs there may be colons. Errors:
/// kInvalidArgument.
Result<KeyFingerprint> parseKeyFingerprint(std::string_view text);

/// "sha256:0123…", in lower case, without colons.
std::string format(const KeyFingerprint& fingerprint);

}  // namespace rtcpub
