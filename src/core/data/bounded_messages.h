#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "rtcpub/clock.h"
#include "rtcpub/message.h"

namespace rtcpub {

/// Messages that wait to be sent; too many or too much, and the oldest are dropped and counted.
/// Pure, one thread.
class BoundedMessages {
 public:
  BoundedMessages(std::size_t maxMessages, std::size_t maxBytes);
  /// `now` never goes back; leave it out where nothing is dropped for its age.
  void push(Message message, Time now = {});
  [[nodiscard]] const Message* front() const;
  void pop();
  /// Drops what was pushed before `time`, and counts it.
  void dropBefore(Time time);
  /// Drops all, and counts it.
  void drop();
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  void dropFirst();

  std::size_t maxMessages_;
  std::size_t maxBytes_;
  struct Waiting {
    Message message;
    Time since;
  };
  std::deque<Waiting> messages_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace rtcpub
