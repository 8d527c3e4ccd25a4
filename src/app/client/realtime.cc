#include "app/client/realtime.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <system_error>

namespace rtcpub {
namespace {

/// Above what asks for a little (audio servers take about 10), below the kernel's own threads (50).
constexpr int kPriority = 20;

/// What the limit permits at most, raised as far as may be (getrlimit(2): RLIMIT_RTPRIO).
int permitted() {
  rlimit limit{};
  if (getrlimit(RLIMIT_RTPRIO, &limit) != 0) return 0;
  if (limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_RTPRIO, &raised) == 0) limit = raised;
  }
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, kPriority));
}

/// 0, or the error's number.
int ask(int priority) {
  sched_param parameters{};
  parameters.sched_priority = priority;
  return pthread_setschedparam(pthread_self(), SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters);
}

std::string words(int priority) {
  return "real-time priority " + std::to_string(priority) + " (SCHED_FIFO)";
}

}  // namespace

Realtime askForRealtime() {
  const int error = ask(kPriority);  // with CAP_SYS_NICE no limit counts
  if (error == 0) return {.granted = true, .detail = words(kPriority)};
  const int lower = permitted();
  if (lower > 0 && ask(lower) == 0) return {.granted = true, .detail = words(lower)};
  return {.granted = false,
          .detail = "no real-time priority: " + std::generic_category().message(error) +
                    "; to permit it: LimitRTPRIO=20 in the systemd unit, or a line '@GROUP - "
                    "rtprio 20' in /etc/security/limits.conf"};
}

}  // namespace rtcpub
