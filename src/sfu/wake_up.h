#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <utility>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// Runs a task when it is due, by one-shot timers that nobody can take back. However often it is
/// set to an earlier time, no timer is started while one is under way that ends by then, so they
/// don't multiply. Runs on: one thread, where the timers end, too.
class WakeUp {
 public:
  using PostAfter = std::function<void(Time::duration, std::function<void()>)>;

  /// `task` sets it anew if there is more to do. It may run where nothing is due any more.
  WakeUp(PostAfter postAfter, std::function<void()> task)
      : postAfter_(std::move(postAfter)), task_(std::move(task)) {}

  /// The task runs by `due`.
  void set(Time due, Time now) {
    if (!posted_->empty() && *posted_->begin() <= due) return;  // its task looks again
    posted_->insert(due);
    const auto delay = std::max(due - now, Time::duration{});
    postAfter_(delay, [this, due, alive = std::weak_ptr(posted_)] {
      if (alive.expired()) return;
      posted_->erase(due);
      task_();
    });
  }

 private:
  const PostAfter postAfter_;
  const std::function<void()> task_;
  /// When the timers under way end; also says that this object lives.
  const std::shared_ptr<std::set<Time>> posted_ = std::make_shared<std::set<Time>>();
};

}  // namespace rtcpub::sfu
