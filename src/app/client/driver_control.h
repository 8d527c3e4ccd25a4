#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/control/driver_side.h"
#include "core/inbox.h"
#include "net/event_loop.h"
#include "rtcpub/clock.h"
#include "rtcpub/control.h"

namespace rtcpub {

/// A driver's side at work. What a user says is done on the signalling loop; what the user asks is
/// answered at once.
///
/// Runs on: the signalling loop, but for what users call.
class DriverControl::Impl {
 public:
  using Clock = control::DriverSide::Clock;
  /// How to reach the client. All but `post` runs on the loop.
  struct Ways {
    std::function<void(std::function<void()> task)> post;  ///< to the loop
    std::function<std::optional<Clock>(Time now)> clock;   ///< the server's
    std::function<void(const std::string& text)> say;      ///< on `rtcpub.lease`
    /// On `rtcpub.control`, if it can leave before the deadline.
    std::function<void(const std::string& text, Time deadline)> command;
  };

  explicit Impl(Ways ways) : ways_(std::move(ways)) {}

  // --- Any thread

  void request(bool takeOver);
  void release();
  void answer(bool give);
  Result<void> command(Axes axes, const CommandOptions& options);
  void emergencyStop(const std::string& why);
  void clear();
  [[nodiscard]] DriveState state() const;
  Subscription<DriveState> states() { return states_.subscribe(); }
  /// Nothing will come any more, and nothing that is asked for happens; for good, and why.
  void end(const std::string& why);

  // --- The loop

  /// The client runs; `loop` is what `post` leads to.
  void begin(net::EventLoop& loop);
  /// The client doesn't run any more.
  void finish();
  void onServer(bool hasLeases);
  void onLeaseChannel(bool open);
  void onCommandChannel(bool open);
  void onLeaseText(const std::string& text);
  void onReportText(const std::string& text);
  void onPicture(std::uint32_t rtpTimestamp);

 private:
  struct Wanted {
    Axes axes;
    CommandOptions options;
    Time given;
  };

  void post(std::function<void()> task);
  void takeWanted();
  /// Gives and says what is due, and tells what is new.
  void follow();
  void tell();

  const Ways ways_;           ///< not used any more when it has ended
  mutable std::mutex mutex_;  ///< for the three below
  bool ended_ = false;
  std::optional<Wanted> wanted_;  ///< the newest command that the loop doesn't know yet
  DriveState shown_;

  Fanout<DriveState> states_{64};
  // The loop's:
  control::DriverSide side_;
  std::unique_ptr<net::EventLoop::Timer> timer_;
};

}  // namespace rtcpub
