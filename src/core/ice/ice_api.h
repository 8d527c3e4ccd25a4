#pragma once

#include <string_view>
#include <vector>

#include "core/ice/ice_server.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// More than any server has; what follows is left out.
inline constexpr std::size_t kMaxIceServers = 16;

/// Reads the answer to GET /api/ice: `{"iceServers":[{"urls":…,"username":…,"credential":…}]}`,
/// `urls` being one URL or a list of them (as RTCIceServer in the browsers' API). Each URL becomes
/// a server of its own; those that are neither STUN's nor TURN's are left out. Errors: kProtocol.
Result<std::vector<IceServer>> parseIceAnswer(std::string_view json);

}  // namespace rtcpub
