#pragma once

#include <optional>
#include <string>

#include "core/access/admission.h"
#include "net/http_message.h"

namespace rtcpub {

/// What Admission is asked for who made a request, at whatever door. `action`, `channel`: see
/// AccessRequest. Pure.
AccessRequest accessRequest(const net::HttpRequest& request, std::optional<Right> action,
                            std::string channel);

}  // namespace rtcpub
