#pragma once

#include <sys/types.h>

#include <string>

#include "rtcpub/result.h"

namespace rtcpub::net {

/// The whole file, 1 MiB at most. Errors: kNotFound; kIo; kInvalidArgument (it is larger).
Result<std::string> readFile(const std::string& path);

/// The same for what is believed, a public key say. Errors: besides, kInvalidArgument when others
/// than its owner can change it, or its owner is neither this user nor root.
Result<std::string> readTrustedFile(const std::string& path);

/// The same for a secret, 64 KiB at most: a key, token or password. A pipe will do, too. Errors:
/// besides, kInvalidArgument when others on this machine can read the file: mode 0600 it should
/// have, or 0640 where it is root's, for a service's group.
Result<std::string> readPrivateFile(const std::string& path);

/// Puts a file of that mode in place in one step: there is the old one, or all of the new one.
/// Errors: kIo.
Result<void> replaceFile(const std::string& path, const std::string& content, mode_t mode);

/// The same, but what is there already stays: of several that come at once the first counts for
/// all. Errors: kIo.
Result<void> addFile(const std::string& path, const std::string& content, mode_t mode);

/// Makes the directory, and those above it, for the owner alone; one that is there stays as it is.
/// Errors: kIo.
Result<void> makePrivateDirectory(const std::string& path);

}  // namespace rtcpub::net
