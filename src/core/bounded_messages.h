#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "rtcpub/message.h"

namespace rtcpub {

/// Messages that wait to be sent; too many or too much, and the oldest are dropped and counted.
/// Pure, one thread.
class BoundedMessages {
 public:
  BoundedMessages(std::size_t maxMessages, std::size_t maxBytes);
  void push(Message message);
  [[nodiscard]] const Message* front() const;
  void pop();
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  std::size_t maxMessages_;
  std::size_t maxBytes_;
  std::deque<Message> messages_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace rtcpub
