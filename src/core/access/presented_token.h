#pragma once

#include <string_view>

#include "core/address/server_url.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// Whether a client may show this token to that server: it is one that may stand in a header (RFC
/// 6750 section 2.1), and nobody in between can read it. Empty is no token, which is fine. Errors:
/// kInvalidArgument, without anything of the token.
Result<void> checkPresentedToken(std::string_view token, const ServerUrl& server);

}  // namespace rtcpub
