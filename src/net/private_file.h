#pragma once

#include <sys/types.h>

#include <string>

#include "rtcpub/result.h"

namespace rtcpub::net {

/// The whole file. Errors: kNotFound, kIo.
Result<std::string> readFile(const std::string& path);

/// Puts a file of that mode in place in one step: there is the old one, or all of the new one.
/// Errors: kIo.
Result<void> replaceFile(const std::string& path, const std::string& content, mode_t mode);

/// Makes the directory, and those above it, for the owner alone; one that is there stays as it is.
/// Errors: kIo.
Result<void> makePrivateDirectory(const std::string& path);

}  // namespace rtcpub::net
