#pragma once

#include <cstdint>

#include "rtcpub/clock.h"

namespace rtcpub::peer {

/// When it was, by this process's clock, that its sender reports would have called `ntpUs`:
/// microseconds since 1900, modulo 2^32 s (RFC 5905 section 6). Any number gives a time, at most 68
/// years from now. Any thread.
///
/// libwebrtc's reports don't follow the wall clock: once in a process, when it is first asked, it
/// notes by how much CLOCK_MONOTONIC is behind, and adds that from then on. So a wall clock that is
/// set, or corrected, moves neither the reports nor what comes out here.
[[nodiscard]] Time fromNtpUs(std::int64_t ntpUs);

}  // namespace rtcpub::peer
