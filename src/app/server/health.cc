#include "app/server/health.h"

#include <cstdio>
#include <string>

#include "net/http_rules.h"

namespace rtcpub {

net::HttpResponse healthResponse(std::chrono::milliseconds late) {
  if (late < kLate) {
    return {.body = R"({"status":"ok"})", .headers = {{"Cache-Control", "no-store"}}};
  }
  std::string why(128, '\0');
  const double seconds = std::chrono::duration<double>(late).count();
  const int length =
      std::snprintf(why.data(), why.size(),
                    "the media thread is late by %.1f s: no media and no message passes", seconds);
  why.resize(static_cast<std::size_t>(length));
  return net::errorResponse(503, why);
}

}  // namespace rtcpub
