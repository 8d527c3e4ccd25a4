#include "core/bounded_messages.h"

#include <cassert>
#include <utility>

namespace rtcpub {

BoundedMessages::BoundedMessages(std::size_t maxMessages, std::size_t maxBytes)
    : maxMessages_(maxMessages), maxBytes_(maxBytes) {}

void BoundedMessages::push(Message message) {
  bytes_ += message.data.size();
  messages_.push_back(std::move(message));
  while (messages_.size() > maxMessages_ || bytes_ > maxBytes_) {
    pop();
    ++dropped_;
  }
}

const Message* BoundedMessages::front() const {
  return messages_.empty() ? nullptr : &messages_.front();
}

void BoundedMessages::pop() {
  assert(!messages_.empty());
  bytes_ -= messages_.front().data.size();
  messages_.pop_front();
}

bool BoundedMessages::empty() const { return messages_.empty(); }
std::uint64_t BoundedMessages::dropped() const { return dropped_; }

}  // namespace rtcpub
