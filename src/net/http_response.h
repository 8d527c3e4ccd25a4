#pragma once

#include <ctime>
#include <string>

#include "net/http_message.h"

/// What answers look like on the wire: pure.
namespace rtcpub::net {

/// What the request asks of its answer.
struct ResponseForm {
  unsigned version = 11;  ///< of HTTP, as 10 or 11
  bool keepAlive = false;
  bool headOnly = false;
};

/// The whole answer, with the headers that each has. `now`: seconds since 1970.
std::string formatResponse(const HttpResponse& response, const ResponseForm& form, std::time_t now);

}  // namespace rtcpub::net
