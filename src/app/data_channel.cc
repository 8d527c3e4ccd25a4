#include "app/data_channel.h"

#include <utility>

namespace rtcpub {
namespace {

constexpr std::size_t kMaxWaitingMessages = 256;
constexpr std::size_t kMaxWaitingBytes = 1 << 20;

}  // namespace

DataChannel::Impl::Impl(std::string label, DataChannelOptions options)
    : label_(std::move(label)),
      options_(std::move(options)),
      inbox_(kMaxWaitingMessages),
      outbox_(kMaxWaitingMessages, kMaxWaitingBytes) {}

Result<void> DataChannel::Impl::put(Message message) {
  if (message.data.size() > kMaxMessageSize) {
    return fail(ErrorCode::kInvalidArgument,
                "a message of " + std::to_string(message.data.size()) + " bytes for '" + label_ +
                    "' is too long: " + std::to_string(kMaxMessageSize) + " bytes is the most");
  }
  const std::lock_guard lock(mutex_);
  outbox_.push(std::move(message));
  flushLocked();
  return {};
}

DataStats DataChannel::Impl::stats() const {
  const std::lock_guard lock(mutex_);
  return {.sent = sent_, .received = received_, .dropped = outbox_.dropped()};
}

void DataChannel::Impl::connect(Sender sender) {
  const std::lock_guard lock(mutex_);
  sender_ = std::move(sender);
  flushLocked();
}

void DataChannel::Impl::disconnect() {
  const std::lock_guard lock(mutex_);
  sender_ = nullptr;
}

void DataChannel::Impl::flush() {
  const std::lock_guard lock(mutex_);
  flushLocked();
}

void DataChannel::Impl::onMessage(const Message& message) {
  ++received_;
  inbox_.push(message);
}

void DataChannel::Impl::flushLocked() {
  while (sender_ && !outbox_.empty() && sender_(*outbox_.front())) {
    outbox_.pop();
    ++sent_;
  }
}

const std::string& DataChannel::label() const { return impl_->label(); }

Result<void> DataChannel::putNowait(Message message) { return impl_->put(std::move(message)); }

Subscription<Message> DataChannel::subscribe() { return impl_->subscribe(); }

std::uint64_t DataChannel::dropped() const { return impl_->stats().dropped; }

}  // namespace rtcpub
