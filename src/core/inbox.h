#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "rtcpub/subscription.h"

namespace rtcpub {

namespace detail {

/// The bounded queue behind one Subscription: a full one drops its oldest item. Any thread.
template <class T>
class Inbox {
 public:
  explicit Inbox(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

  void push(const T& item) {
    std::optional<T> oldest;  // destroyed after the lock is released: a frame's memory is big
    {
      std::lock_guard lock(mutex_);
      if (closed_) return;
      if (items_.size() == capacity_) {
        oldest = takeFirst();
        ++dropped_;
      }
      items_.push_back(item);
    }
    changed_.notify_one();
  }

  /// No more items will come; what is queued can still be taken.
  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

  std::optional<T> get(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    const bool ready = changed_.wait(lock, stop, [this] { return !items_.empty() || closed_; });
    // Whoever asked to stop wants no more work, even if there is some.
    if (!ready || stop.stop_requested()) return std::nullopt;
    return takeFirst();
  }

  std::optional<T> getFor(std::chrono::nanoseconds timeout) {
    // Nearly for ever; a larger sum would overflow the clock.
    constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(24 * 365);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::min(timeout, kLongest),
                      [this] { return !items_.empty() || closed_; });
    return takeFirst();
  }

  std::optional<T> tryGet() {
    std::lock_guard lock(mutex_);
    return takeFirst();
  }

  std::uint64_t dropped() const {
    std::lock_guard lock(mutex_);
    return dropped_;
  }

 private:
  std::optional<T> takeFirst() {
    if (items_.empty()) return std::nullopt;
    std::optional<T> first = std::move(items_.front());
    items_.pop_front();
    return first;
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<T> items_;
  std::uint64_t dropped_ = 0;
  bool closed_ = false;
};

}  // namespace detail

/// Gives every item to all the subscriptions that are alive. Any thread.
template <class T>
class Fanout {
 public:
  explicit Fanout(std::size_t capacity) : capacity_(capacity) {}
  ~Fanout() { close(); }
  Fanout(const Fanout&) = delete;
  Fanout& operator=(const Fanout&) = delete;

  /// After close() the subscription just ends.
  Subscription<T> subscribe() { return subscribe(capacity_); }
  /// One with a queue of its own length.
  Subscription<T> subscribe(std::size_t capacity) {
    auto inbox = std::make_shared<detail::Inbox<T>>(capacity);
    std::lock_guard lock(mutex_);
    if (closed_) inbox->close();
    std::erase_if(inboxes_, [](const auto& known) { return known.expired(); });
    inboxes_.push_back(inbox);
    return Subscription<T>(std::move(inbox));
  }

  void push(const T& item) {
    std::lock_guard lock(mutex_);
    std::erase_if(inboxes_, [&item](const auto& known) {
      const auto inbox = known.lock();
      if (inbox) inbox->push(item);
      return !inbox;
    });
  }

  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& known : inboxes_) {
      if (const auto inbox = known.lock()) inbox->close();
    }
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::vector<std::weak_ptr<detail::Inbox<T>>> inboxes_;
  bool closed_ = false;
};

}  // namespace rtcpub
