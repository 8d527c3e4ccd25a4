#pragma once

#include <string>
#include <vector>

#include "auth/token_key.h"
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

/// The public keys in these files, in PEM format. Errors: kInvalidArgument (also a file that others
/// can change: they could let in whom they like), kNotFound, kIo, each naming the file.
Result<std::vector<auth::TokenKey>> publicTokenKeys(const std::vector<std::string>& files);

}  // namespace rtcpub
