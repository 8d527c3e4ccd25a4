// netlab_link [SEED]: emulates the links between network namespaces. README.md tells of the lines
// that it takes.
#include <sched.h>
#include <sys/prctl.h>

#include <charconv>
#include <cstdio>
#include <cstring>

#include "emulator.h"

namespace {

/// Times are exact on a busy machine, too, where that is allowed; elsewhere they are as exact as
/// the machine lets them.
void runBeforeOthers() {
  prctl(PR_SET_TIMERSLACK, 1);
  const sched_param priority{.sched_priority = 10};
  sched_setscheduler(0, SCHED_FIFO, &priority);
}

}  // namespace

int main(int count, char** words) {
  std::uint64_t seed = 1;
  const char* const end = count == 2 ? words[1] + std::strlen(words[1]) : nullptr;
  if (count > 2 || (end != nullptr && std::from_chars(words[1], end, seed).ptr != end)) {
    std::fputs("usage: netlab_link [SEED]\n", stderr);
    return 2;
  }
  runBeforeOthers();
  netlab::Emulator(seed).run();
}
