#pragma once

#include <nlohmann/json.hpp>

#include "sfu/media_server.h"

namespace rtcpub {

/// What the API says while the server has more to send than it can. Pure.
[[nodiscard]] nlohmann::ordered_json overloadJson(const sfu::OverloadReport& report);

}  // namespace rtcpub
