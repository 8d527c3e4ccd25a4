#include "cli/hangup_signal.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

namespace rtcpub::cli {
namespace {

sigset_t hangup() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void HangupSignal::block() {
  const sigset_t set = hangup();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

HangupSignal::HangupSignal(std::function<void()> onHangup) : onHangup_(std::move(onHangup)) {
  // Started by nohup it is ignored, and would never come.
  std::signal(SIGHUP, SIG_DFL);
  const sigset_t set = hangup();
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  wake_ = eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { wait(); });
  pthread_setname_np(thread_.native_handle(), "rtcpub-hangup");
}

HangupSignal::~HangupSignal() {
  eventfd_write(wake_, 1);
  thread_.join();
  close(signals_);
  close(wake_);
}

void HangupSignal::wait() {
  std::array<pollfd, 2> waited{{{.fd = signals_, .events = POLLIN, .revents = 0},
                                {.fd = wake_, .events = POLLIN, .revents = 0}}};
  while (true) {
    if (poll(waited.data(), waited.size(), -1) < 0) continue;
    if (waited[1].revents != 0) return;
    signalfd_siginfo info{};
    if (read(signals_, &info, sizeof info) == sizeof info) onHangup_();
  }
}

}  // namespace rtcpub::cli
