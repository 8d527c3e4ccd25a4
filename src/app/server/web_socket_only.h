#pragma once

#include <vector>

#include "net/routes.h"

namespace rtcpub {

/// What Spider's paths say to requests that want no WebSocket: what is wrong with their query, or
/// that they are for WebSockets (426), which a proxy in between may have undone.
std::vector<net::Route> webSocketOnlyRoutes();

}  // namespace rtcpub
