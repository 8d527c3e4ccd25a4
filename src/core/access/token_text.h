#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "core/access/refusal.h"

namespace rtcpub {

/// A longer one is refused unread. Those of real services take one or two thousand bytes.
inline constexpr std::size_t kMaxTokenBytes = 8192;

/// What a JSON Web Token says (RFC 7519, in the compact form of RFC 7515 section 7.1), whoever has
/// made it: nothing of it is verified.
struct TokenText {
  std::string algorithm;  ///< "alg", by which it claims to be signed
  std::string claims;     ///< in JSON, perhaps

  friend bool operator==(const TokenText&, const TokenText&) = default;
};

/// Refusals: "bad-token", which says what is wrong with its form.
tl::expected<TokenText, Refusal> parseToken(std::string_view token);

}  // namespace rtcpub
