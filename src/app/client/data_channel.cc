#include "app/client/data_channel.h"

#include <algorithm>
#include <utility>

#include "core/data/delivery.h"

namespace rtcpub {

DataChannel::Impl::Impl(std::string label, DataChannelOptions options)
    : label_(std::move(label)),
      options_(std::move(options)),
      inbox_(Outbox::Limits().waitingMessages),
      outbox_(Outbox::Limits()) {
  follow(options_);
}

Result<void> DataChannel::Impl::checkSize(const Message& message) const {
  if (message.data.size() <= kMaxMessageSize) return {};
  return fail(ErrorCode::kInvalidArgument,
              "a message of " + std::to_string(message.data.size()) + " bytes for '" + label_ +
                  "' is too long: " + std::to_string(kMaxMessageSize) + " bytes is the most");
}

Result<void> DataChannel::Impl::put(Message message, Time since, Time now) {
  if (auto checked = checkSize(message); !checked) return checked;
  const std::lock_guard lock(mutex_);
  outbox_.push(std::move(message), std::min(since, now));
  flushLocked(now);
  return {};
}

Result<bool> DataChannel::Impl::putWhenRoom(Message message, const PutOptions& options) {
  if (auto checked = checkSize(message); !checked) return tl::unexpected(checked.error());
  // A longer wait would overflow the clock.
  constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(24 * 365);
  const Time called = monotonicNow();
  const auto possible = [&] {
    return ended_ || !outbox_.isReliable() || outbox_.hasRoom(message.data.size());
  };
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, options.stop, std::min(options.timeout, kLongest), possible)) {
    return false;
  }
  if (ended_) return false;
  const Time now = monotonicNow();
  outbox_.push(std::move(message), std::min(options.since.value_or(called), now));
  flushLocked(now);
  return true;
}

DataStats DataChannel::Impl::stats(Time now) {
  const std::lock_guard lock(mutex_);
  flushLocked(now);  // what has become too old meanwhile counts as dropped
  return {.sent = outbox_.sent(),
          .received = received_,
          .dropped = outbox_.dropped(),
          .waiting = outbox_.pending()};
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

void DataChannel::Impl::onConnectionGone(Time now) {
  const std::lock_guard lock(mutex_);
  outbox_.onAllLost();
  follow(options_);  // until the other side says again what it wants
  flushLocked(now);
}

void DataChannel::Impl::onPeersOptions(const DataChannelOptions& options, Time now) {
  const std::lock_guard lock(mutex_);
  follow(delivery::stricter(options_, options));
  flushLocked(now);
}

void DataChannel::Impl::setPathUp(bool up, Time now) {
  const std::lock_guard lock(mutex_);
  pathUp_ = up;
  flushLocked(now);
}

void DataChannel::Impl::setHeld(bool held, Time now) {
  const std::lock_guard lock(mutex_);
  held_ = held;
  flushLocked(now);
}

void DataChannel::Impl::onDelivered(Outbox::Id id, Time now) {
  const std::lock_guard lock(mutex_);
  outbox_.onDelivered(id);
  flushLocked(now);
}

void DataChannel::Impl::onLost(Outbox::Id id, Time now) {
  const std::lock_guard lock(mutex_);
  outbox_.onLost(id);
  flushLocked(now);
}

void DataChannel::Impl::onMessage(const Message& message) {
  ++received_;
  inbox_.push(message);
}

void DataChannel::Impl::endSending() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void DataChannel::Impl::close() {
  inbox_.close();
  endSending();
}

void DataChannel::Impl::follow(const DataChannelOptions& options) {
  outbox_.setLongestAge(delivery::longestAge(options));
  sentOnce_ = options.maxRetransmits.has_value();
}

/// The engine keeps what it was given until it can send it: of a channel that may lose messages it
/// gets none while the path is silent, or they would all come late, in one burst.
bool DataChannel::Impl::canSend() const {
  return sender_ && (outbox_.isReliable() ? !held_ : pathUp_);
}

void DataChannel::Impl::flushLocked(Time now) {
  outbox_.dropStale(now);
  if (sentOnce_ && !canSend()) outbox_.dropWaiting();
  while (canSend()) {
    const auto* next = outbox_.next();
    if (next == nullptr || !sender_(next->message, {next->id, outbox_.deadline(*next)})) {
      break;
    }
    outbox_.onHanded();
  }
  changed_.notify_all();
}

const std::string& DataChannel::label() const { return impl_->label(); }

Result<void> DataChannel::putNowait(Message message) {
  const Time now = monotonicNow();
  return impl_->put(std::move(message), now, now);
}

Result<bool> DataChannel::put(Message message, const PutOptions& options) {
  return impl_->putWhenRoom(std::move(message), options);
}

Subscription<Message> DataChannel::subscribe(std::size_t capacity) {
  return impl_->subscribe(capacity);
}

std::uint64_t DataChannel::dropped() const { return impl_->stats(monotonicNow()).dropped; }

std::uint64_t DataChannel::waiting() const { return impl_->stats(monotonicNow()).waiting; }

}  // namespace rtcpub
