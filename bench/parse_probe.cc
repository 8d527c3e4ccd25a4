// parse_probe [PART]: how much CPU it takes to read what a stranger may send, by its size; those
// whose name contains PART. Lines of: name, thread, bytes, taken or refused, µs (the best of some
// runs).
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>

#include "engine/engine.h"
#include "parse/cases.h"
#include "rtcpub/log.h"

namespace {

using rtcpub::bench::Case;

constexpr std::size_t kSmallest = 2048;
constexpr std::size_t kLargest = std::size_t{256} * 1024;
constexpr int kRuns = 7;

double cpuMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void measure(const Case& one, std::size_t size) {
  const std::string text = one.make(size - size / 16);  // bounds are powers of two
  double best = 1e12;
  bool taken = false;
  for (int run = 0; run < kRuns; ++run) {
    const double begun = cpuMicroseconds();
    taken = one.read(text);
    best = std::min(best, cpuMicroseconds() - begun);
  }
  std::printf("%s\t%s\t%zu\t%s\t%.1f\n", one.name.c_str(), one.thread.c_str(), text.size(),
              taken ? "taken" : "refused", best);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  rtcpub::engine::initialize();
  rtcpub::setLogLevel(rtcpub::LogLevel::kOff);
  const std::string part = argc > 1 ? argv[1] : "";
  for (const auto& cases : {rtcpub::bench::offerCases(), rtcpub::bench::answerCases(),
                            rtcpub::bench::textCases(), rtcpub::bench::datagramCases()}) {
    for (const auto& one : cases) {
      if (one.name.find(part) == std::string::npos) continue;
      for (std::size_t size = kSmallest; size <= kLargest; size *= 2) measure(one, size);
    }
  }
  return 0;
}
