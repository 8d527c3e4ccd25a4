#include "net/event_loop.h"

#include <pthread.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cassert>
#include <exception>
#include <utility>

#include "log/log.h"
#include "net/event_loop_impl.h"

namespace rtcpub::net {

namespace asio = boost::asio;

EventLoop::Impl::Impl(const std::string& threadName) : thread_([this] { run(); }) {
  constexpr std::size_t kLongestName = 15;  // of Linux, without the final zero
  pthread_setname_np(thread_.native_handle(), threadName.substr(0, kLongestName).c_str());
}

EventLoop::Impl::~Impl() {
  assert(std::this_thread::get_id() != thread_.get_id());
  context_.stop();
  thread_.join();
}

void EventLoop::Impl::run() {
  while (!context_.stopped()) {
    try {
      context_.run();
    } catch (const std::exception& error) {
      log().error("a task of the event loop failed: {}", error.what());
    }
  }
}

EventLoop::EventLoop(const std::string& threadName) : impl_(std::make_unique<Impl>(threadName)) {}

EventLoop::~EventLoop() = default;

void EventLoop::post(std::function<void()> task) { asio::post(impl_->context(), std::move(task)); }

bool EventLoop::onThread() const {
  return impl_->context().get_executor().running_in_this_thread();
}

EventLoop::Impl& EventLoop::impl() { return *impl_; }

/// Runs on: the loop's thread.
class EventLoop::Timer::Impl : public std::enable_shared_from_this<Impl> {
 public:
  explicit Impl(asio::io_context& context) : timer_(context) {}

  void set(Time when, std::function<void()> task) {
    cancel();
    task_ = std::move(task);
    timer_.expires_at(when);
    timer_.async_wait([weak = weak_from_this(), round = round_](const auto& error) {
      if (auto self = weak.lock(); self && !error) self->expired(round);
    });
  }

  void cancel() {
    ++round_;
    timer_.cancel();
    task_ = nullptr;
  }

 private:
  void expired(unsigned round) {
    // A wait that had already succeeded when it was cancelled still comes here.
    if (round != round_) return;
    auto task = std::exchange(task_, nullptr);
    task();
  }

  asio::steady_timer timer_;
  std::function<void()> task_;
  unsigned round_ = 0;  ///< counts sets and cancels
};

EventLoop::Timer::Timer(EventLoop& loop) : impl_(std::make_shared<Impl>(loop.impl().context())) {}

EventLoop::Timer::~Timer() { impl_->cancel(); }

void EventLoop::Timer::set(Time when, std::function<void()> task) {
  impl_->set(when, std::move(task));
}

void EventLoop::Timer::cancel() { impl_->cancel(); }

}  // namespace rtcpub::net
