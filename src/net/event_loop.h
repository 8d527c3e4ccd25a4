#pragma once

#include <functional>
#include <memory>
#include <string>

#include "rtcpub/clock.h"

namespace rtcpub::net {

/// One named thread that runs what is posted to it, in the order in which it was; the sockets of
/// `net` live on it.
class EventLoop {
 public:
  explicit EventLoop(const std::string& threadName);
  /// Stops the thread; what has not run by then is dropped.
  ~EventLoop();

  /// Runs `task` soon. Any thread.
  void post(std::function<void()> task);
  [[nodiscard]] bool onThread() const;

  /// A timer that is cancelled when destroyed. Use it on the loop's thread.
  class Timer {
   public:
    explicit Timer(EventLoop& loop);
    ~Timer();
    /// Runs `task` at `when`, in place of what was set before.
    void set(Time when, std::function<void()> task);
    void cancel();

   private:
    class Impl;
    std::shared_ptr<Impl> impl_;
  };

  class Impl;
  [[nodiscard]] Impl& impl();

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub::net
