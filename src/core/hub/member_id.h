#pragma once

#include <cstdint>

namespace rtcpub {

/// One member of the server's channels; never used again while the server runs.
using MemberId = std::uint64_t;

}  // namespace rtcpub
