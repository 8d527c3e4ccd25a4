#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "rtcpub/export.h"

namespace rtcpub {

namespace detail {
template <class T>
class Inbox;
}

/// One reader's bounded queue of what a data channel, a video track or a connection brings. Every
/// subscription sees every item; when a reader is slower than the writer its oldest items are
/// dropped and counted (of video frames only the newest is kept). Destroying it unsubscribes. It
/// stays valid when the connection is lost and when the object it came from is gone; then it just
/// ends.
///
/// Any thread may call, several at a time; each item goes to one of the callers.
///
/// `T` is Message, VideoFrame, StateChange, ControlOutput, ControlEvent, DriveState or, for a
/// number of viewers, int.
template <class T>
class RTCPUB_EXPORT Subscription {
 public:
  /// For the library: whatever is subscribed to makes them.
  explicit Subscription(std::shared_ptr<detail::Inbox<T>> inbox) : inbox_(std::move(inbox)) {}
  /// What was moved from can only be destroyed, or assigned to.
  Subscription(Subscription&&) noexcept = default;
  /// Likewise.
  Subscription& operator=(Subscription&&) noexcept = default;
  ~Subscription() = default;

  /// Waits for the next item. Empty when `stop` was requested or nothing will ever come again.
  [[nodiscard]] std::optional<T> get(const std::stop_token& stop = {});

  /// Waits at most `timeout`. Empty when that has passed or nothing will ever come again.
  [[nodiscard]] std::optional<T> getFor(std::chrono::nanoseconds timeout);

  /// Takes the next item if there is one.
  [[nodiscard]] std::optional<T> tryGet();

  /// How many items this reader lost by being slow.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  std::shared_ptr<detail::Inbox<T>> inbox_;
};

}  // namespace rtcpub
