#pragma once

#include "sfu/channel.h"
#include "sfu/media_server.h"

namespace rtcpub::sfu {

/// What happens in a channel, told by these; nothing comes of those that are empty.
[[nodiscard]] Channel::Events channelEvents(const MediaServerEvents& events);

}  // namespace rtcpub::sfu
