#pragma once

#include <string_view>

#include "rtcpub/result.h"

namespace rtcpub::sfu {

/// Refuses what is too large to be looked at any closer. Errors: kProtocol.
Result<void> checkOffer(std::string_view sdp);

}  // namespace rtcpub::sfu
