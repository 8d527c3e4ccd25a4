#pragma once

#include <string>

#include "rtcpub/export.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// Reads a secret, such as ConnectionOptions::token, from a file of its own, without the space
/// around it; also from a pipe, as of `<(pass show token)`. At most 64 KiB. Blocks. Errors:
/// kNotFound; kIo; kInvalidArgument: others on this machine can read the file (mode 0600 it should
/// have; 0640 is fine where it is root's), it is empty or too large.
[[nodiscard]] RTCPUB_EXPORT Result<std::string> readSecretFile(const std::string& path);

}  // namespace rtcpub
