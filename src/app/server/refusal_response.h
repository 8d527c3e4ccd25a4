#pragma once

#include "core/access/refusal.h"
#include "net/http_message.h"

namespace rtcpub {

/// How a door says no over HTTP: `{"error":…,"code":…}`, with the headers that RFC 6750 section 3
/// and RFC 6585 section 4 want. Pure.
net::HttpResponse refusalResponse(const Refusal& refusal);

}  // namespace rtcpub
