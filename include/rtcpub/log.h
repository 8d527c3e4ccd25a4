#pragma once

#include "rtcpub/export.h"

namespace rtcpub {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

/// What the library writes to standard error: changes of state at kInfo, messages at kDebug. The
/// default is kWarning. Process-wide; any thread.
RTCPUB_EXPORT void setLogLevel(LogLevel level);

}  // namespace rtcpub
