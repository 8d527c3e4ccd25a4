#include "app/data_channel.h"

#include <utility>

namespace rtcpub {
namespace {

constexpr std::size_t kMaxWaitingMessages = 256;
constexpr std::size_t kMaxWaitingBytes = 1 << 20;
/// What is sent a number of times at most is worth nothing when it comes later than this.
constexpr std::chrono::milliseconds kLongestWait{250};

}  // namespace

DataChannel::Impl::Impl(std::string label, DataChannelOptions options)
    : label_(std::move(label)),
      options_(std::move(options)),
      inbox_(kMaxWaitingMessages),
      outbox_(kMaxWaitingMessages, kMaxWaitingBytes) {}

Result<void> DataChannel::Impl::put(Message message, Time now) {
  if (message.data.size() > kMaxMessageSize) {
    return fail(ErrorCode::kInvalidArgument,
                "a message of " + std::to_string(message.data.size()) + " bytes for '" + label_ +
                    "' is too long: " + std::to_string(kMaxMessageSize) + " bytes is the most");
  }
  const std::lock_guard lock(mutex_);
  outbox_.push(std::move(message), now);
  flushLocked(now);
  return {};
}

DataStats DataChannel::Impl::stats() const {
  const std::lock_guard lock(mutex_);
  return {.sent = sent_, .received = received_, .dropped = outbox_.dropped()};
}

void DataChannel::Impl::connect(Sender sender, Time now) {
  const std::lock_guard lock(mutex_);
  sender_ = std::move(sender);
  flushLocked(now);
}

void DataChannel::Impl::disconnect(Time now) {
  const std::lock_guard lock(mutex_);
  sender_ = nullptr;
  flushLocked(now);
}

void DataChannel::Impl::setPathUp(bool up, Time now) {
  const std::lock_guard lock(mutex_);
  pathUp_ = up;
  flushLocked(now);
}

void DataChannel::Impl::flush(Time now) {
  const std::lock_guard lock(mutex_);
  flushLocked(now);
}

void DataChannel::Impl::onMessage(const Message& message) {
  ++received_;
  inbox_.push(message);
}

/// The engine keeps what it was given until it can send it: of a channel that may lose messages it
/// gets none while the path is silent, or they would all come late, in one burst.
bool DataChannel::Impl::canSend() const {
  const bool reliable = !options_.maxRetransmits && !options_.maxPacketLifeTimeMs;
  return sender_ && (reliable || pathUp_);
}

void DataChannel::Impl::dropStale(Time now) {
  if (options_.maxPacketLifeTimeMs) {
    outbox_.dropBefore(now - std::chrono::milliseconds(*options_.maxPacketLifeTimeMs));
  } else if (options_.maxRetransmits && !canSend()) {
    outbox_.drop();
  } else if (options_.maxRetransmits) {
    outbox_.dropBefore(now - kLongestWait);
  }
}

void DataChannel::Impl::flushLocked(Time now) {
  dropStale(now);
  while (canSend() && !outbox_.empty() && sender_(*outbox_.front())) {
    outbox_.pop();
    ++sent_;
  }
}

const std::string& DataChannel::label() const { return impl_->label(); }

Result<void> DataChannel::putNowait(Message message) {
  return impl_->put(std::move(message), monotonicNow());
}

Subscription<Message> DataChannel::subscribe() { return impl_->subscribe(); }

std::uint64_t DataChannel::dropped() const { return impl_->stats().dropped; }

}  // namespace rtcpub
