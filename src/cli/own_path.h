#pragma once

#include <string>

namespace rtcpub::cli {

/// Whether a shell that looks in `path` (PATH's value) finds this file under the name "rtcpub".
bool isFoundIn(const std::string& path, const std::string& file);

/// Where this program is, if typing "rtcpub" wouldn't start it; empty: it would.
std::string pathHint();

}  // namespace rtcpub::cli
