#pragma once

#include <string>
#include <string_view>

#include "rtcpub/result.h"

namespace rtcpub {

/// Reads where a page comes from, as RFC 6454 section 6.2 writes it and a policy of a page names it
/// (Content Security Policy, host-source): `https://example.com`, `http://127.0.0.1:8080`. In lower
/// case. Errors: kInvalidArgument; the message says what to write instead.
Result<std::string> parsePageOrigin(std::string_view text);

}  // namespace rtcpub
