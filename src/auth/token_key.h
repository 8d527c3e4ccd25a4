#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/result.h"

/// What tokens are signed and verified with.
namespace rtcpub::auth {

enum class Algorithm {
  kHs256,  ///< by a secret
  kRs256,  ///< by an RSA key of 2048 bits or more
  kEs256,  ///< by a key on the curve P-256
};

/// "HS256", … (RFC 7518 section 3.1).
std::string_view name(Algorithm algorithm);

struct TokenKey {
  Algorithm algorithm = Algorithm::kHs256;
  std::string material;  ///< the secret's bytes, or a public key in PEM format
};

/// 256 random bits as 43 characters, which are the secret's bytes themselves. Errors: kInternal.
Result<std::string> makeSecret();

/// The key of a secret as it stands in a file: what it consists of are its characters, without
/// space around them. Errors: kInvalidArgument (shorter than RFC 7518 section 3.2 wants, 32 bytes).
/// `file` is for people.
Result<TokenKey> secretKey(std::string_view text, const std::string& file);

/// All the public keys in a PEM file, at least one. Errors: kInvalidArgument (it holds none, or
/// something else as well; a private key or a certificate: says how to get the public key from it;
/// another kind of key than Algorithm's). `file` is for people.
Result<std::vector<TokenKey>> publicKeys(const std::string& pem, const std::string& file);

}  // namespace rtcpub::auth
