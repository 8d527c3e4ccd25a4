#pragma once

#include <chrono>

#include "net/web_server.h"

namespace rtcpub {

/// From when on a media thread that does nothing is told of: far more than a busy machine takes.
inline constexpr std::chrono::milliseconds kLate{1000};

/// The answer to `/healthz`: `late` is for how long the media thread has done nothing that was due.
net::HttpResponse healthResponse(std::chrono::milliseconds late);

}  // namespace rtcpub
