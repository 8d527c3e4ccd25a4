#include "auth/jwt_verifier.h"

#include <jwt.h>
#include <openssl/err.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "core/access/token_text.h"
#include "core/text/text.h"

namespace rtcpub::auth {
namespace {

struct FreeJwt {
  void operator()(jwt_t* jwt) const { jwt_free(jwt); }
};
using JwtPtr = std::unique_ptr<jwt_t, FreeJwt>;

struct FreeText {
  // As libjwt allocates it; only later versions than Debian 12's have jwt_free_str for it.
  void operator()(char* text) const { std::free(text); }  // NOLINT(cppcoreguidelines-no-malloc)
};
using TextPtr = std::unique_ptr<char, FreeText>;

tl::unexpected<Refusal> refuse(const char* code, std::string message) {
  return tl::unexpected(Refusal{.status = 401, .code = code, .message = std::move(message)});
}

jwt_alg_t libjwtsName(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHs256:
      return JWT_ALG_HS256;
    case Algorithm::kRs256:
      return JWT_ALG_RS256;
    case Algorithm::kEs256:
      return JWT_ALG_ES256;
  }
  return JWT_ALG_INVAL;
}

const unsigned char* bytesOf(const std::string& text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text as bytes
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// Null unless the key has signed it; without a key: unless libjwt can read it.
JwtPtr decode(const std::string& token, const TokenKey* key) {
  jwt_t* jwt = nullptr;
  const int failed = key == nullptr ? jwt_decode(&jwt, token.c_str(), nullptr, 0)
                                    : jwt_decode(&jwt, token.c_str(), bytesOf(key->material),
                                                 static_cast<int>(key->material.size()));
  ERR_clear_error();  // OpenSSL's, which libjwt leaves behind
  return JwtPtr(failed == 0 ? jwt : nullptr);
}

bool hasSigned(const TokenKey& key, const std::string& token) {
  const JwtPtr jwt = decode(token, &key);
  return jwt && jwt_get_alg(jwt.get()) == libjwtsName(key.algorithm);
}

bool hasKeyFor(const std::vector<TokenKey>& keys, const std::string& algorithm) {
  return std::ranges::any_of(keys,
                             [&](const TokenKey& key) { return name(key.algorithm) == algorithm; });
}

/// Its SHA-256.
std::array<unsigned char, 32> digestOf(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text as bytes
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

/// "HS256 and RS256"
std::string algorithmsOf(const std::vector<TokenKey>& keys) {
  std::vector<std::string_view> names;
  for (const TokenKey& key : keys) {
    if (std::ranges::find(names, name(key.algorithm)) == names.end()) {
      names.push_back(name(key.algorithm));
    }
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace

tl::expected<std::string, Refusal> JwtVerifier::verify(std::string_view token) const {
  auto parsed = parseToken(token);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!hasKeyFor(keys_, parsed->algorithm)) {
    return refuse("wrong-algorithm", "the token is signed by " +
                                         text::quote(parsed->algorithm, 16) +
                                         ", and the server's keys are for " + algorithmsOf(keys_));
  }
  if (isSigned(token, parsed->algorithm)) return std::move(parsed->claims);
  if (!decode(std::string(token), nullptr)) {
    return refuse("bad-token",
                  "the token's claims can't be read: they are not in JSON, or a number is too "
                  "large");
  }
  return refuse("bad-signature",
                "the token is not signed by a key of this server: it was made for another server, "
                "or the key was changed since");
}

bool JwtVerifier::isQuick(std::string_view token) const {
  const auto parsed = parseToken(token);
  return !parsed || parsed->algorithm == name(Algorithm::kHs256) ||
         !hasKeyFor(keys_, parsed->algorithm) || isRemembered(digestOf(token));
}

bool JwtVerifier::isSigned(std::string_view token, const std::string& algorithm) const {
  const bool isPublic = algorithm != name(Algorithm::kHs256);
  const Digest digest = isPublic ? digestOf(token) : Digest();
  if (isPublic && isRemembered(digest)) return true;
  const std::string text(token);
  const bool good = std::ranges::any_of(keys_, [&](const TokenKey& key) {
    return name(key.algorithm) == algorithm && hasSigned(key, text);
  });
  if (good && isPublic) remember(digest);
  return good;
}

bool JwtVerifier::isRemembered(const Digest& digest) const {
  const std::lock_guard lock(mutex_);
  return remembered_.contains(digest);
}

void JwtVerifier::remember(const Digest& digest) const {
  constexpr std::size_t kMost = 1024;
  const std::lock_guard lock(mutex_);
  if (!remembered_.insert(digest).second) return;
  order_.push_back(digest);
  if (order_.size() <= kMost) return;
  remembered_.erase(order_.front());
  order_.pop_front();
}

Result<std::string> sign(const std::string& claims, const TokenKey& key) {
  if (key.algorithm != Algorithm::kHs256) {
    return fail(ErrorCode::kInvalidArgument, "a public key signs no token");
  }
  jwt_t* made = nullptr;
  if (jwt_new(&made) != 0) return fail(ErrorCode::kInternal, "cannot make a token");
  const JwtPtr jwt(made);
  if (jwt_add_grants_json(jwt.get(), claims.c_str()) != 0) {
    return fail(ErrorCode::kInvalidArgument, "the token's claims are not an object in JSON");
  }
  const bool keyed = jwt_set_alg(jwt.get(), JWT_ALG_HS256, bytesOf(key.material),
                                 static_cast<int>(key.material.size())) == 0;
  const TextPtr text(keyed ? jwt_encode_str(jwt.get()) : nullptr);
  if (!text) return fail(ErrorCode::kInternal, "cannot sign a token");
  return std::string(text.get());
}

}  // namespace rtcpub::auth
