#include "app/client/clock_client.h"

#include <utility>

#include "log/log.h"

namespace rtcpub {
namespace {

// The first few exchanges come quickly, so that the first seconds' delays are true already.
constexpr int kQuickAsks = 5;
constexpr std::chrono::milliseconds kQuickInterval{100};

}  // namespace

ClockClient::ClockClient(net::EventLoop& loop, Send send) : send_(std::move(send)), timer_(loop) {}

void ClockClient::start() {
  asked_ = 0;
  server_ = {};  // it may be another one, with another clock
  publisherMinusServerUs_.reset();
  ask();
}

void ClockClient::stop() {
  timer_.cancel();
  roundTripMs_.reset();
}

void ClockClient::onText(const std::string& text, Time arrival) {
  const auto message = clock_sync::parse(text);
  if (!message) {
    log().debug("{}: {}", clock_sync::kLabel, message.error().message);
    return;
  }
  if (const auto* request = std::get_if<clock_sync::Request>(&*message)) {
    send_(clock_sync::format(clock_sync::Reply{.t0Us = request->t0Us,
                                               .t1Us = arrival.time_since_epoch().count(),
                                               .publisherOffsetUs = {}}));
    return;
  }
  const auto& reply = std::get<clock_sync::Reply>(*message);
  if (server_.add(reply, arrival)) {
    log().warn("{}: the server's clock or this machine's was set, or stood still for a while",
               clock_sync::kLabel);
  }
  roundTripMs_ = static_cast<double>(arrival.time_since_epoch().count() - reply.t0Us) / 1000;
  publisherMinusServerUs_ = reply.publisherOffsetUs;
}

std::optional<std::int64_t> ClockClient::publisherOffsetUs(Time now) const {
  const auto serverMinusOwn = server_.offsetUs(now);
  if (!serverMinusOwn || !publisherMinusServerUs_) return std::nullopt;
  return *serverMinusOwn + *publisherMinusServerUs_;
}

void ClockClient::ask() {
  const Time now = monotonicNow();
  send_(clock_sync::format(clock_sync::Request{.t0Us = now.time_since_epoch().count()}));
  const std::chrono::milliseconds wait =
      ++asked_ < kQuickAsks ? kQuickInterval : clock_sync::kInterval;
  timer_.set(now + wait, [this] { ask(); });
}

}  // namespace rtcpub
