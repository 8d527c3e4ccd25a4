#include "media/playback/bounded_work.h"

#include <pthread.h>

#include <utility>

namespace rtcpub::media {

namespace {
constexpr std::chrono::seconds kPatience{2};
}

BoundedWork::BoundedWork(std::function<void()> work) {
  std::packaged_task<void()> task([work = std::move(work)]() mutable {
    (void)pthread_setname_np(pthread_self(), "rtcpub-open");
    work();
    work = nullptr;  // what it owns goes before it counts as done
  });
  done_ = task.get_future();
  thread_ = std::thread(std::move(task));
}

BoundedWork& BoundedWork::operator=(BoundedWork&& other) noexcept {
  if (this == &other) return *this;
  (void)finishWithin(kPatience);
  thread_ = std::move(other.thread_);
  done_ = std::move(other.done_);
  return *this;
}

BoundedWork::~BoundedWork() { (void)finishWithin(kPatience); }

bool BoundedWork::finishWithin(std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return true;
  if (done_.wait_for(patience) == std::future_status::ready) {
    thread_.join();
    return true;
  }
  thread_.detach();
  return false;
}

}  // namespace rtcpub::media
