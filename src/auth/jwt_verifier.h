#pragma once

#include <array>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
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
  /// By a secret, or it was verified before, or it is refused by its look.
  [[nodiscard]] bool isQuick(std::string_view token) const override;

 private:
  using Digest = std::array<unsigned char, 32>;

  [[nodiscard]] bool isSigned(std::string_view token, const std::string& algorithm) const;
  [[nodiscard]] bool isRemembered(const Digest& digest) const;
  void remember(const Digest& digest) const;

  const std::vector<TokenKey> keys_;
  // Of the last ones that public keys have signed: OpenSSL 3 takes a millisecond to read a key, and
  // libjwt has it do that for each token.
  mutable std::mutex mutex_;
  mutable std::set<Digest> remembered_;
  mutable std::deque<Digest> order_;
};

/// A token with these claims, in JSON, that is signed by HS256. Errors: kInvalidArgument (the key
/// is a public one, or the claims are no object), kInternal.
Result<std::string> sign(const std::string& claims, const TokenKey& key);

}  // namespace rtcpub::auth
