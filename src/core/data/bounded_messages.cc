#include "core/data/bounded_messages.h"

#include <cassert>
#include <utility>

namespace rtcpub {

BoundedMessages::BoundedMessages(std::size_t maxMessages, std::size_t maxBytes)
    : maxMessages_(maxMessages), maxBytes_(maxBytes) {}

void BoundedMessages::push(Message message, Time now) {
  bytes_ += message.data.size();
  messages_.push_back({std::move(message), now});
  while (messages_.size() > maxMessages_ || bytes_ > maxBytes_) dropFirst();
}

const Message* BoundedMessages::front() const {
  return messages_.empty() ? nullptr : &messages_.front().message;
}

void BoundedMessages::pop() {
  assert(!messages_.empty());
  bytes_ -= messages_.front().message.data.size();
  messages_.pop_front();
}

void BoundedMessages::dropFirst() {
  pop();
  ++dropped_;
}

void BoundedMessages::dropBefore(Time time) {
  while (!messages_.empty() && messages_.front().since < time) dropFirst();
}

void BoundedMessages::drop() {
  while (!messages_.empty()) dropFirst();
}

bool BoundedMessages::empty() const { return messages_.empty(); }
std::uint64_t BoundedMessages::dropped() const { return dropped_; }

}  // namespace rtcpub
