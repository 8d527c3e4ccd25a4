#pragma once

#include <cstdint>
#include <string>

#include "auth/token_key.h"
#include "rtcpub/token.h"

namespace rtcpub {

/// Whom tokens are for unless a server says otherwise.
inline constexpr const char* kDefaultAudience = "rtcpub";

/// A token for `audience`, that `key` signs. Errors: as TokenIssuer::issue() has them.
Result<std::string> issueToken(const auth::TokenKey& key, const std::string& audience,
                               const TokenOptions& options, std::int64_t unixSeconds);

}  // namespace rtcpub
