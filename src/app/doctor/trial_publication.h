#pragma once

#include <chrono>
#include <stop_token>

#include "core/doctor/findings.h"
#include "rtcpub/connection.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// Publishes a test picture as `rtcpub publish` would, and measures. Any thread; blocks until it
/// has been sent for the time, doesn't come to be, or `stop` is requested. Errors: as of
/// Publisher::create().
Result<doctor::MediaFinding> publishTestPicture(const ConnectionOptions& options,
                                                std::chrono::milliseconds time,
                                                const std::stop_token& stop);

}  // namespace rtcpub
