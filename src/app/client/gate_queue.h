#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <optional>

#include "app/client/priority_mutex.h"
#include "rtcpub/clock.h"

namespace rtcpub::control {
class Gate;
}

namespace rtcpub {

/// What waits for the gate's thread. Any thread pushes, and never waits for what another one does.
class GateQueue {
 public:
  /// What is done to the gate, at this time.
  using Task = std::function<void(control::Gate& gate, Time now)>;
  struct Item {
    Task task;
    bool command = false;  ///< what comes after it makes it worthless
  };
  using Items = std::list<Item>;

  /// So many commands wait at most: then the oldest goes.
  static constexpr int kMostCommands = 256;

  GateQueue();
  ~GateQueue();
  GateQueue(const GateQueue&) = delete;
  GateQueue& operator=(const GateQueue&) = delete;

  void push(Item item);
  /// All that waits, in order.
  Items takeAll();

  /// Waits until something is pushed, end() was called, or it is `until`. The gate's thread.
  void wait(std::optional<Time> until);
  void end();
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  void wake() const;

  PriorityMutex mutex_;  ///< for the two below
  Items items_;
  int commands_ = 0;
  std::atomic<bool> ended_ = false;
  int wake_;  ///< an eventfd
};

}  // namespace rtcpub
