#include "app/server/metrics_door.h"

#include <utility>

#include "app/server/access_request.h"
#include "app/server/access_time.h"
#include "app/server/metrics.h"
#include "app/server/process_figures.h"
#include "app/server/refusal_response.h"
#include "metrics/exposition.h"
#include "rtcpub/version.h"

namespace rtcpub {

MetricsDoor::MetricsDoor(net::EventLoop& loop, const HubRunner& hub, const SpiderDoor& spiderDoor,
                         Admission& admission)
    : hub_(hub), spiderDoor_(spiderDoor), admission_(admission), lag_(loop) {}

void MetricsDoor::start(std::function<std::int64_t()> certificateExpires) {
  certificateExpires_ = std::move(certificateExpires);
  lag_.start();
}

void MetricsDoor::stop() {
  lag_.stop();
  web_ = nullptr;
}

net::HttpResponse MetricsDoor::answer(const net::HttpRequest& request) {
  const auto asked = accessRequest(request, Right::kAdmin, "");
  if (!asked.loopback) {
    const auto now = accessNow();
    if (const auto grant = admission_.ask(asked, now); !grant) {
      refused_.warn(request.remoteAddress + " may not read /metrics: " + grant.error().message,
                    now.monotonic);
      return refusalResponse(grant.error());
    }
  }
  return {.contentType = metrics::kContentType,
          .body = text(),
          .headers = {{"Cache-Control", "no-store"}}};
}

std::string MetricsDoor::text() const {
  ServerFigures figures{.version = RTCPUB_VERSION, .hub = hub_.hub(), .media = hub_.stats()};
  if (web_ != nullptr) figures.connections = web_->counts();
  figures.refusals = admission_.refusals();
  figures.refusedOffers = spiderDoor_.refusedOffers();
  figures.evictions = hub_.evictions();
  figures.signallingLag = lag_.histogram();
  if (certificateExpires_) figures.certificateExpires = certificateExpires_();
  figures.process = processFigures();
  return metricsText(figures);
}

}  // namespace rtcpub
