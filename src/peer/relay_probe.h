#pragma once

#include <chrono>

#include "core/doctor/findings.h"
#include "peer/peer.h"
#include "rtcpub/result.h"

namespace rtcpub::peer {

/// Whether the one ICE server of the options, a TURN server, gives this machine a relayed address:
/// asks it as a publisher would. Any thread; blocks for no longer than the limit. Errors:
/// kInternal, kInvalidArgument (its URL, the file of certificates).
Result<doctor::RelayFinding> probeRelay(PeerOptions options, std::chrono::milliseconds limit);

}  // namespace rtcpub::peer
