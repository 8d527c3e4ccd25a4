#include "sfu/thread_load.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <utility>

namespace rtcpub::sfu {
namespace {

std::int64_t ranNs() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

ThreadLoad::ThreadLoad() : schedstat_(open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}

double ThreadLoad::measure(Time now) {
  const std::int64_t wanted = wantedNs();
  const auto worked = static_cast<double>(wanted - std::exchange(wantedBefore_, wanted)) / 1000;
  const Time before = std::exchange(measuredAt_, now);
  if (before == Time{} || now <= before) return 0;
  return std::clamp(worked / static_cast<double>((now - before).count()), 0.0, 1.0);
}

std::int64_t ThreadLoad::wantedNs() const {
  std::array<char, 80> text{};  // "ran waited times", in nanoseconds
  if (schedstat_.get() < 0 || pread(schedstat_.get(), text.data(), text.size() - 1, 0) <= 0) {
    return ranNs();
  }
  char* end = nullptr;
  (void)std::strtoll(text.data(), &end, 10);  // the clock of the CPU is newer by up to a tick
  const std::int64_t waited = std::strtoll(end, nullptr, 10);
  return ranNs() + waited;
}

}  // namespace rtcpub::sfu
