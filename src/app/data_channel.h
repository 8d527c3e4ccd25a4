#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "core/bounded_messages.h"
#include "core/inbox.h"
#include "rtcpub/clock.h"
#include "rtcpub/data_channel.h"
#include "rtcpub/stats.h"

namespace rtcpub {

/// What the handles of one data channel share: the messages that wait to be sent, and those who
/// listen. It outlives the connection, and what waits while there is none follows the channel's
/// reliability. Any thread; `now` never goes back.
class DataChannel::Impl {
 public:
  /// Whether the connection took the message; false means: keep it and try again when told.
  using Sender = std::function<bool(const Message&)>;

  Impl(std::string label, DataChannelOptions options);

  [[nodiscard]] const std::string& label() const { return label_; }
  [[nodiscard]] const DataChannelOptions& options() const { return options_; }

  Result<void> put(Message message, Time now);
  Subscription<Message> subscribe() { return inbox_.subscribe(); }
  [[nodiscard]] DataStats stats() const;

  /// The channel is open and takes messages; those that waited go first.
  void connect(Sender sender, Time now);
  void disconnect(Time now);
  /// Whether anything gets through at the moment.
  void setPathUp(bool up, Time now);
  /// There is room again.
  void flush(Time now);
  void onMessage(const Message& message);
  /// Nothing will come any more.
  void close() { inbox_.close(); }

 private:
  [[nodiscard]] bool canSend() const;
  void dropStale(Time now);
  void flushLocked(Time now);

  const std::string label_;
  const DataChannelOptions options_;
  Fanout<Message> inbox_;
  mutable std::mutex mutex_;
  Sender sender_;
  bool pathUp_ = true;
  BoundedMessages outbox_;
  std::uint64_t sent_ = 0;
  // Not under the lock: a sender may hold that while it waits for the engine's thread, which brings
  // the messages.
  std::atomic<std::uint64_t> received_ = 0;
};

}  // namespace rtcpub
