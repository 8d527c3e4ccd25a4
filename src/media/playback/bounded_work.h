#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <thread>

namespace rtcpub::media {

/// Work in a thread of its own that a driver may hold up for ever: it is waited for, but not for
/// ever. Work that is left behind must own all that it uses.
///
/// Runs on: one thread, beside its own.
class BoundedWork {
 public:
  BoundedWork() = default;
  explicit BoundedWork(std::function<void()> work);
  BoundedWork(BoundedWork&&) = default;
  BoundedWork& operator=(BoundedWork&& other) noexcept;
  /// Waits for a moment, then leaves it behind.
  ~BoundedWork();

  /// Whether it is done; if not, it is left behind.
  bool finishWithin(std::chrono::milliseconds patience);

 private:
  std::thread thread_;
  std::future<void> done_;
};

}  // namespace rtcpub::media
