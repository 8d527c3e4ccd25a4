#include "app/client/gate_queue.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace rtcpub {

GateQueue::GateQueue() : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

GateQueue::~GateQueue() { close(wake_); }

void GateQueue::push(Item item) {
  // Memory is taken and given back outside of the lock.
  Items added;
  added.push_back(std::move(item));
  Items dropped;
  {
    const std::lock_guard lock(mutex_);
    if (added.front().command && ++commands_ > kMostCommands) {
      dropped.splice(dropped.begin(), items_, std::ranges::find_if(items_, &Item::command));
      --commands_;
    }
    items_.splice(items_.end(), added);
  }
  wake();
}

GateQueue::Items GateQueue::takeAll() {
  const std::lock_guard lock(mutex_);
  commands_ = 0;
  return std::exchange(items_, {});
}

void GateQueue::wait(std::optional<Time> until) {
  timespec left{};
  if (until) {
    const auto nanoseconds =
        std::max<std::chrono::nanoseconds>(*until - monotonicNow(), std::chrono::nanoseconds(0));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(nanoseconds);
    left.tv_sec = seconds.count();
    left.tv_nsec = (nanoseconds - seconds).count();
  }
  pollfd waited{.fd = wake_, .events = POLLIN, .revents = 0};
  if (ppoll(&waited, 1, until ? &left : nullptr, nullptr) > 0) {
    eventfd_t count = 0;
    (void)eventfd_read(wake_, &count);
  }
}

void GateQueue::end() {
  ended_ = true;
  wake();
}

void GateQueue::wake() const { (void)eventfd_write(wake_, 1); }

}  // namespace rtcpub
