#pragma once

#include <spdlog/spdlog.h>

namespace rtcpub {

/// The library's logger: to standard error, so that standard output stays the program's. Any
/// thread.
spdlog::logger& log();

}  // namespace rtcpub
