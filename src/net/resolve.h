#pragma once

#include <chrono>
#include <string>

#include "core/doctor/findings.h"
#include "rtcpub/result.h"

namespace rtcpub::net {

/// The addresses of a host; an address is its own. Waits no longer than `limit`, however long the
/// system's look-up takes. Any thread. Errors: kUnreachable.
Result<doctor::NameFinding> resolve(const std::string& host, std::chrono::milliseconds limit);

}  // namespace rtcpub::net
