#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "rtcpub/export.h"

namespace rtcpub {

/// What is written at least; kOff: nothing.
enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

/// What the library writes to standard error: changes of state at kInfo, messages at kDebug. The
/// default is kWarning. Process-wide; any thread.
RTCPUB_EXPORT void setLogLevel(LogLevel level);

/// What every logged message goes through first. The library names settings as this API does
/// (`caFile`); a program that calls them otherwise can say so (`--ca`). Process-wide; before the
/// first use of the library. Called on any thread.
RTCPUB_EXPORT void setLogWording(std::function<std::string(std::string_view)> wording);

/// The text fit for a terminal or one line of a log, whoever wrote it: control characters, those
/// that change the direction of writing and bytes that are no UTF-8 become `\n`, `\t` or `\xNN`,
/// and what is longer than `limit` bytes is cut. All that the library logs goes through this;
/// errors and reasons may quote a peer, so pass them through it before you show them. Any thread.
RTCPUB_EXPORT std::string escaped(std::string_view text, std::size_t limit = 2000);

}  // namespace rtcpub
