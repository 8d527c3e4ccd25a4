#pragma once

#include <signal.h>

#include <stop_token>
#include <thread>

/// Ctrl+C as a stop token. Make it first in main(): the signals are then kept from all later
/// threads.
class StopOnSignal {
 public:
  StopOnSignal() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([stop = stop_, signals]() mutable {
      int signal = 0;
      sigwait(&signals, &signal);
      stop.request_stop();
    }).detach();
  }
  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
};
