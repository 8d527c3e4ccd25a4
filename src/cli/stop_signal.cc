#include "cli/stop_signal.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <string>

#include "cli/output.h"

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

/// For poll(): milliseconds, or -1 without a deadline.
int untilThen(const std::optional<std::chrono::steady_clock::time_point>& deadline) {
  if (!deadline) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

/// No destructor runs: some thread is stuck, and would be waited for again.
[[noreturn]] void endByForce(std::chrono::milliseconds patience) {
  constexpr useconds_t kToSayIt = 150'000;
  ualarm(kToSayIt, 0);  // perhaps it is standard error that nobody reads
  complain("it did not end within " + std::to_string(patience.count()) +
           " ms of the signal, since one of its threads is stuck: ended by force");
  _exit(1);
}

}  // namespace

void StopSignal::block() {
  const sigset_t set = stopSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

StopSignal::StopSignal(std::optional<std::chrono::milliseconds> patience) : patience_(patience) {
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
  std::optional<std::chrono::steady_clock::time_point> deadline;
  while (true) {
    const int ready = poll(waited.data(), waited.size(), untilThen(deadline));
    if (ready < 0) continue;
    if (waited[1].revents != 0) return;
    if (ready == 0) endByForce(*patience_);
    signalfd_siginfo info{};
    if (read(signals_, &info, sizeof info) != sizeof info) continue;
    if (stop_.stop_requested()) _exit(kInterrupted);
    if (patience_) deadline = std::chrono::steady_clock::now() + *patience_;
    stop_.request_stop();
  }
}

}  // namespace rtcpub::cli
