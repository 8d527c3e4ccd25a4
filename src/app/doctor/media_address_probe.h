#pragma once

#include <chrono>
#include <vector>

#include "app/client/client_setup.h"
#include "core/stun/stun_binding.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// Asks a server by an offer on whose media nothing is ever sent for its UDP addresses, which are
/// in the answer. Any thread; blocks for no longer than the limit. Errors: as of a WebSocket that
/// can't be opened; kRejected, kProtocol.
Result<std::vector<stun::Endpoint>> askMediaAddresses(const ClientSetup& setup,
                                                      std::chrono::milliseconds limit);

}  // namespace rtcpub
