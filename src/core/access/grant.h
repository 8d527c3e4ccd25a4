#pragma once

#include <optional>
#include <string>

#include "core/access/channel_patterns.h"
#include "rtcpub/clock.h"
#include "rtcpub/rights.h"

namespace rtcpub {

/// What somebody who was admitted may do.
struct Grant {
  Rights rights;
  std::string name;             ///< of who it is, for people; empty: unknown
  std::optional<Time> until{};  ///< the rights end then; nothing: they don't
  ChannelPatterns channels{};   ///< in which channels: which of them may be told of
};

}  // namespace rtcpub
