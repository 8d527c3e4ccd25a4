#include "car/process.h"

#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace rtcpub::car {
namespace {

/// As the gate's thread has it: above what has none, below the kernel's own threads (50).
constexpr int kPriority = 20;

/// As far as this process may raise a limit of its own (getrlimit(2)).
void raise(__rlimit_resource resource) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(resource, &limit);
}

}  // namespace

std::optional<std::string> lockMemory() {
  raise(RLIMIT_MEMLOCK);
  // On fault: what was used once, as all that is done here is at the start. The rest of the program
  // would be 100 MB more.
  if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) return std::nullopt;
  return "its memory can't be locked: " + errorText(errno) +
         "; it needs LimitMEMLOCK=infinity (ulimit -l unlimited), or root's rights";
}

std::optional<std::string> makeRealTime() {
  raise(RLIMIT_RTPRIO);
  sched_param parameters{};
  parameters.sched_priority = kPriority;
  if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0) {
    return std::nullopt;
  }
  return "it has no real-time priority: " + errorText(errno) +
         "; it needs LimitRTPRIO=20 (ulimit -r 20), or root's rights";
}

// By number: the declarations in Debian 12's <sys/pidfd.h> (glibc 2.36) can't be linked from C++.

Descriptor processDescriptor(pid_t process) {
  return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
}

bool endsWithin(const Descriptor& process, std::chrono::milliseconds time) {
  pollfd ended{.fd = process.get(), .events = POLLIN, .revents = 0};
  return poll(&ended, 1, static_cast<int>(time.count())) == 1;
}

void kill(const Descriptor& process) {
  constexpr std::chrono::milliseconds kToEnd{20};
  syscall(SYS_pidfd_send_signal, process.get(), SIGKILL, nullptr, 0);
  (void)endsWithin(process, kToEnd);
}

std::string errorText(int number) {
  const char* const name = strerrorname_np(number);
  const char* const text = strerrordesc_np(number);
  if (name == nullptr || text == nullptr) return "error " + std::to_string(number);
  return std::string(text) + " (" + name + ")";
}

}  // namespace rtcpub::car
