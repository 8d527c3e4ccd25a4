#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/token_key.h"
#include "core/access/token_verifier.h"

namespace rtcpub::auth {

/// Verifies JSON Web Tokens by libjwt. By which algorithm is said by the keys, never by the token:
/// "none", and an HMAC over a public key that everybody has, find no key. Any thread.
class JwtVerifier final : public TokenVerifier {
 public:
  explicit JwtVerifier(std::vector<TokenKey> keys) : keys_(std::move(keys)) {}

  [[nodiscard]] tl::expected<std::string, Refusal> verify(std::string_view token) const override;

 private:
  std::vector<TokenKey> keys_;
};

/// A token with these claims, in JSON, that is signed by HS256. Errors: kInvalidArgument (the key
/// is a public one, or the claims are no object), kInternal.
Result<std::string> sign(const std::string& claims, const TokenKey& key);

}  // namespace rtcpub::auth
