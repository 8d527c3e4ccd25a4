#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/hub/hub.h"
#include "sfu/media_server.h"

/// What the API shows of the hub, in JSON (docs/protocol.md). Pure.
namespace rtcpub {

using ChannelFilter = std::function<bool(std::string_view channel)>;

/// The channels that somebody may view.
std::string channelsJson(const Hub& hub, const sfu::MediaStats& stats,
                         const ChannelFilter& mayView);

/// Who is in the channels that somebody may look after.
std::string membersJson(const Hub& hub, const ChannelFilter& mayAdmin);

}  // namespace rtcpub
