#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <thread>

#include "net/event_loop.h"

namespace rtcpub::net {

/// Runs on: its own thread; `context` may be posted to from any.
class EventLoop::Impl {
 public:
  explicit Impl(const std::string& threadName);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] boost::asio::io_context& context() { return context_; }

 private:
  void run();

  // Without the hint that one thread runs it: with that, what a task posts would run after what
  // another thread posts later.
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{
      context_.get_executor()};
  std::thread thread_;
};

}  // namespace rtcpub::net
