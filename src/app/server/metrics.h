#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "app/server/process_figures.h"
#include "core/hub/hub.h"
#include "core/measure/duration_histogram.h"
#include "net/web_server.h"
#include "sfu/media_server.h"

namespace rtcpub {

/// How often each code was said; codes are constants of ours, so there are few.
using CountsByCode = std::map<std::string, std::uint64_t>;

/// What there is to know of a running server, at one moment.
struct ServerFigures {
  std::string version;
  const Hub& hub;
  const sfu::MediaStats& media;
  net::ConnectionCounts connections{};
  CountsByCode refusals{};       ///< who was let in nowhere
  CountsByCode refusedOffers{};  ///< that got no answer
  CountsByCode evictions{};      ///< members that were sent away
  DurationHistogram signallingLag{};
  std::int64_t certificateExpires = 0;  ///< seconds since 1970; 0: unknown
  std::optional<ProcessFigures> process{};
};

/// The page for Prometheus: docs/metrics.md describes each figure. Pure.
[[nodiscard]] std::string metricsText(const ServerFigures& figures);

}  // namespace rtcpub
