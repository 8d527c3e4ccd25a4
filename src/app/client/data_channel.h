#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "core/data/outbox.h"
#include "core/inbox.h"
#include "peer/peer.h"
#include "rtcpub/clock.h"
#include "rtcpub/data_channel.h"
#include "rtcpub/stats.h"

namespace rtcpub {

/// What the handles of one data channel share: the messages that wait to be sent, and those who
/// listen. It outlives the connection, and what waits while there is none follows the channel's
/// reliability. Any thread; `now` never goes back.
class DataChannel::Impl {
 public:
  /// Whether the connection took the message; false means: keep it and try again when told. What
  /// becomes of a message that was taken is told by its id.
  using Sender = std::function<bool(const Message&, const peer::Dispatch&)>;

  Impl(std::string label, DataChannelOptions options);

  [[nodiscard]] const std::string& label() const { return label_; }
  [[nodiscard]] const DataChannelOptions& options() const { return options_; }

  /// The message's age counts from `since`.
  Result<void> put(Message message, Time since, Time now);
  /// Waits for room first.
  Result<bool> putWhenRoom(Message message, const PutOptions& options);
  Subscription<Message> subscribe(std::size_t capacity) { return inbox_.subscribe(capacity); }
  [[nodiscard]] DataStats stats(Time now);

  /// The channel is open and takes messages; those that waited go first.
  void connect(Sender sender, Time now);
  /// Nothing is handed out any more; what was handed out may still be told of.
  void disconnect(Time now);
  /// The connection is gone: nothing more is told of what was handed out.
  void onConnectionGone(Time now);
  /// The other side opened the label with these options: from now on the stricter hold.
  void onPeersOptions(const DataChannelOptions& options, Time now);
  /// Whether anything gets through at the moment.
  void setPathUp(bool up, Time now);
  /// Whether reliable messages wait until the other side is back.
  void setHeld(bool held, Time now);
  void onDelivered(Outbox::Id id, Time now);
  void onLost(Outbox::Id id, Time now);
  void onMessage(const Message& message);
  /// Nothing will go any more: whoever waits for room need not.
  void endSending();
  /// Nothing will come or go any more.
  void close();

 private:
  void follow(const DataChannelOptions& options);
  Result<void> checkSize(const Message& message) const;
  [[nodiscard]] bool canSend() const;
  void flushLocked(Time now);

  const std::string label_;
  const DataChannelOptions options_;
  Fanout<Message> inbox_;
  std::mutex mutex_;  ///< for what is below
  std::condition_variable_any changed_;
  Sender sender_;
  bool pathUp_ = true;
  bool held_ = false;
  bool ended_ = false;
  bool sentOnce_ = false;  ///< limited by retransmissions: nothing waits for a path
  Outbox outbox_;
  // Not under the lock: a sender may hold that while it waits for the engine's thread, which brings
  // the messages.
  std::atomic<std::uint64_t> received_ = 0;
};

}  // namespace rtcpub
