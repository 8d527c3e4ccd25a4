#include "cli/stop_signal.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace rtcpub::cli {
namespace {

constexpr int kInterrupted = 130;  // 128 + SIGINT, as shells count

sigset_t stopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

void StopSignal::block() {
  const sigset_t set = stopSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

StopSignal::StopSignal() {
  const sigset_t set = stopSignals();
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  wake_ = eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { wait(); });
  pthread_setname_np(thread_.native_handle(), "rtcpub-stop");
}

StopSignal::~StopSignal() {
  eventfd_write(wake_, 1);
  thread_.join();
  close(signals_);
  close(wake_);
}

void StopSignal::wait() {
  std::array<pollfd, 2> waited{{{.fd = signals_, .events = POLLIN, .revents = 0},
                                {.fd = wake_, .events = POLLIN, .revents = 0}}};
  while (true) {
    if (poll(waited.data(), waited.size(), -1) < 0) continue;
    if (waited[1].revents != 0) return;
    signalfd_siginfo info{};
    if (read(signals_, &info, sizeof info) != sizeof info) continue;
    if (stop_.stop_requested()) _exit(kInterrupted);
    stop_.request_stop();
  }
}

}  // namespace rtcpub::cli
