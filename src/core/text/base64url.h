#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rtcpub::text {

/// The bytes of a text in base64url without padding (RFC 4648 section 5), as RFC 7515 section 2 has
/// it. Nothing when it is none: of each row of bytes only one text is accepted, so none that sets
/// bits that belong to no byte.
std::optional<std::string> decodeBase64Url(std::string_view text);

std::string encodeBase64Url(std::string_view bytes);

}  // namespace rtcpub::text
