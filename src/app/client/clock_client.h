#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/clock/clock_sync.h"
#include "net/event_loop.h"
#include "rtcpub/clock.h"

namespace rtcpub {

/// A client's side of `rtcpub.clock`: asks the server for its time, answers when asked for its own.
/// Runs on: the signalling loop.
class ClockClient {
 public:
  using Send = std::function<void(const std::string& text)>;

  ClockClient(net::EventLoop& loop, Send send);

  /// The channel is open: begins to ask.
  void start();
  void stop();
  void onText(const std::string& text, Time arrival);

  /// The publisher's clock minus this machine's, in microseconds; nothing while either comparison
  /// is missing.
  [[nodiscard]] std::optional<std::int64_t> publisherOffsetUs(Time now) const;

  /// The server's clock minus this machine's, in microseconds; nothing while it isn't known.
  [[nodiscard]] std::optional<std::int64_t> serverOffsetUs(Time now) const {
    return server_.offsetUs(now);
  }
  /// By how much that may be wrong, in microseconds.
  [[nodiscard]] std::optional<std::int64_t> boundUs(Time now) const { return server_.boundUs(now); }

  /// The last exchange's round trip: finer than the engine's, which counts in milliseconds.
  [[nodiscard]] std::optional<double> roundTripMs() const { return roundTripMs_; }

 private:
  void ask();

  Send send_;
  net::EventLoop::Timer timer_;
  clock_sync::Estimator server_;
  std::optional<std::int64_t> publisherMinusServerUs_;
  std::optional<double> roundTripMs_;
  int asked_ = 0;
};

}  // namespace rtcpub
