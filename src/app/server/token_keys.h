#pragma once

#include <memory>
#include <string>
#include <vector>

#include "auth/token_key.h"
#include "core/access/token_verifier.h"
#include "rtcpub/result.h"

/// The files that hold the keys of tokens. Any thread.
namespace rtcpub {

/// Where a server keeps its own key.
std::string tokenKeyFileIn(const std::string& dataDir);

/// The server's own key, which signs and verifies by HS256. Errors: kNotFound, kInvalidArgument
/// (others can read it, or it is too short), kIo.
Result<auth::TokenKey> ownTokenKey(const std::string& dataDir);

/// The same; it is made if there is none, for the owner's eyes only, and the directory with it.
Result<auth::TokenKey> ownTokenKeyMade(const std::string& dataDir);

/// Verifies by a server's own key, and by the public keys in these files, in PEM format. Errors:
/// kInvalidArgument, kNotFound, kIo, each naming the file.
Result<std::shared_ptr<const TokenVerifier>> loadVerifier(auth::TokenKey own,
                                                          const std::vector<std::string>& files);

}  // namespace rtcpub
