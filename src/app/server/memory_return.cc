#include "app/server/memory_return.h"

#include <malloc.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>

#include "log/log.h"
#include "rtcpub/clock.h"

namespace rtcpub {
namespace {

struct Figures {
  std::size_t held = 0;
  std::size_t used = 0;
};

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
constexpr bool kKnown = true;

Figures figures() {
  // Pages: the whole program, what of it is in memory, and what of that belongs to files.
  std::size_t size = 0;
  std::size_t resident = 0;
  std::size_t shared = 0;
  std::ifstream("/proc/self/statm") >> size >> resident >> shared;
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const auto heap = mallinfo2();
  return {.held = (resident - shared) * page, .used = heap.uordblks + heap.hblkhd};
}

void giveBack() { malloc_trim(0); }
#else
constexpr bool kKnown = false;
Figures figures() { return {}; }
void giveBack() {}
#endif

}  // namespace

void MemoryReturn::start() {
  if (kKnown) timer_.set(monotonicNow() + kInterval, [this] { look(); });
}

void MemoryReturn::look() {
  const auto before = figures();
  if (idle_.isWorthGivingBack(before.held, before.used)) {
    const Time begun = monotonicNow();
    giveBack();
    const auto taken = monotonicNow() - begun;
    const auto after = figures();
    idle_.onGivenBack(after.held, after.used);
    log().debug(
        "memory: {} kB given back in {} us, {} kB held, {} kB of that in use",
        (static_cast<std::ptrdiff_t>(before.held) - static_cast<std::ptrdiff_t>(after.held)) / 1024,
        taken.count(), after.held / 1024, after.used / 1024);
  }
  start();
}

}  // namespace rtcpub
