#pragma once

#include "rtcpub/result.h"

namespace rtcpub::media {

/// Begins GStreamer, once in a process. It is never ended, since others may use it, too. Errors:
/// kMedia. Any thread.
Result<void> initGStreamer();

}  // namespace rtcpub::media
