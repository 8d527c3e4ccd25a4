#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "core/access/refusal.h"

namespace rtcpub {

/// Says whether somebody whose key is known has signed a token.
class TokenVerifier {
 public:
  TokenVerifier() = default;
  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;
  virtual ~TokenVerifier() = default;

  /// The token's claims, in JSON, which nobody has judged yet: the signature is right, no more.
  /// Refusals: "bad-token", "wrong-algorithm", "bad-signature". Any thread.
  [[nodiscard]] virtual tl::expected<std::string, Refusal> verify(std::string_view token) const = 0;
  /// Whether that takes next to no time; otherwise about a millisecond. Any thread.
  [[nodiscard]] virtual bool isQuick(std::string_view /*token*/) const { return true; }
};

}  // namespace rtcpub
