#pragma once

#include <string_view>

#include "rtcpub/result.h"

namespace rtcpub {

/// Whether `id` names a channel: 1 to 64 characters of `A-Z a-z 0-9 _ -`, which holds the xids of
/// the Spider service and names that a person can type. Errors: kInvalidArgument.
Result<void> checkChannelId(std::string_view id);

}  // namespace rtcpub
