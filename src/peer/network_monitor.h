#pragma once

#include <functional>
#include <memory>

#include "rtc_base/network_monitor_factory.h"

namespace rtcpub::peer {

/// Watches this machine's links, addresses and routes by netlink, so that the engine looks for new
/// ways at once instead of every other second. `changed` is called then, too, on the watching
/// thread.
std::unique_ptr<rtc::NetworkMonitorFactory> makeNetworkMonitorFactory(
    std::function<void()> changed);

}  // namespace rtcpub::peer
