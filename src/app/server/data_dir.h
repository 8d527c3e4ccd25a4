#pragma once

#include <string>

#include "rtcpub/result.h"

namespace rtcpub {

/// Where a server keeps its keys: the directory that was given, or what the environment says when
/// none was. Errors: kInvalidArgument (neither says).
Result<std::string> dataDirFor(const std::string& given);

}  // namespace rtcpub
