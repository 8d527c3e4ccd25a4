#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "rtcpub/clock.h"
#include "rtcpub/message.h"

namespace rtcpub {

/// One data channel's messages on their way out: those that wait, and those that the connection has
/// and the other end hasn't acknowledged yet. Each message that is pushed ends as sent, which means
/// acknowledged, or as dropped.
///
/// Pure, one thread.
class Outbox {
 public:
  /// What may wait, and what may be on its way besides; of what waits beyond that the oldest is
  /// dropped.
  struct Limits {
    std::size_t waitingMessages = 256;
    std::size_t waitingBytes = 1 << 20;
    std::size_t handedMessages = 256;
    std::size_t handedBytes = 512U << 10U;
  };
  /// Names a message; greater ones were pushed later.
  using Id = std::uint64_t;

  explicit Outbox(const Limits& limits) : limits_(limits) {}

  /// Older messages are dropped, and what the connection loses isn't sent again; nothing: the
  /// channel is reliable, which it is at first.
  void setLongestAge(std::optional<std::chrono::milliseconds> age) { longestAge_ = age; }
  [[nodiscard]] bool isReliable() const { return !longestAge_; }

  /// Whether a message of that size can be pushed so that none is dropped for it, not even if all
  /// that is on its way comes back.
  [[nodiscard]] bool hasRoom(std::size_t size) const;
  /// Its age counts from `since`.
  void push(Message message, Time since);
  /// Drops what has become too old.
  void dropStale(Time now);
  /// Drops all that waits.
  void dropWaiting();

  struct Entry {
    Id id = 0;
    Message message;
    Time since{};
    std::size_t size = 0;  ///< bytes of the message, which isn't kept where it isn't sent again
  };
  /// The next message for the connection; null when none waits, or enough is on its way.
  [[nodiscard]] const Entry* next() const;
  /// After that it is too old; nothing: never.
  [[nodiscard]] std::optional<Time> deadline(const Entry& entry) const;
  /// The connection has taken next().
  void onHanded();
  /// The other end has it. A message that isn't on its way any more is passed over.
  void onDelivered(Id id);
  /// The connection gave it up: it waits again, in its place, if the channel is reliable.
  void onLost(Id id);
  /// The connection is gone: what was on its way is lost.
  void onAllLost();

  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// What waits and what is on its way.
  [[nodiscard]] std::size_t pending() const { return waiting_.size() + handed_.size(); }

 private:
  using Entries = std::deque<Entry>;
  Entry takeHanded(const Entries::iterator& place);
  [[nodiscard]] Entries::iterator findHanded(Id id);
  void dropFirst();
  void dropBeyondLimits();

  const Limits limits_;
  std::optional<std::chrono::milliseconds> longestAge_;
  Entries waiting_;  ///< by id
  Entries handed_;   ///< by id
  std::size_t waitingBytes_ = 0;
  std::size_t handedBytes_ = 0;
  Id lastId_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace rtcpub
