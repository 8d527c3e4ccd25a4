#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/server/hub_runner.h"
#include "app/server/loop_lag.h"
#include "app/server/spider_door.h"
#include "core/access/admission.h"
#include "log/occasional_warning.h"
#include "net/event_loop.h"
#include "net/web_server.h"

namespace rtcpub {

/// The door of whoever watches the server: `/metrics`, for programs on this machine, and for those
/// with the right kAdmin in all channels. Runs on: the signalling loop.
class MetricsDoor {
 public:
  /// All outlive this.
  MetricsDoor(net::EventLoop& loop, const HubRunner& hub, const SpiderDoor& spiderDoor,
              Admission& admission);

  /// Begins to measure the loop. `certificateExpires` says when, in seconds since 1970.
  void start(std::function<std::int64_t()> certificateExpires);
  /// From now on it tells of this web server's connections, too, which outlives stop().
  void watch(const net::WebServer& web) { web_ = &web; }
  void stop();

  [[nodiscard]] net::HttpResponse answer(const net::HttpRequest& request);

 private:
  [[nodiscard]] std::string text() const;

  const HubRunner& hub_;
  const SpiderDoor& spiderDoor_;
  Admission& admission_;
  OccasionalWarning refused_;
  LoopLag lag_;
  std::function<std::int64_t()> certificateExpires_;
  const net::WebServer* web_ = nullptr;
};

}  // namespace rtcpub
