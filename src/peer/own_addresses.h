#pragma once

#include <optional>
#include <vector>

#include "rtc_base/ip_address.h"

namespace rtcpub::peer {

/// The addresses that this machine has now, on any interface. Nothing if the system doesn't tell.
std::optional<std::vector<rtc::IPAddress>> ownAddresses();

}  // namespace rtcpub::peer
