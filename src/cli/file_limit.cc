#include "cli/file_limit.h"

#include <sys/resource.h>

#include <algorithm>

namespace rtcpub::cli {

void raiseFileLimit() {
  constexpr rlim_t kEnough = 16384;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kEnough) return;
  limit.rlim_cur = std::min(limit.rlim_max, kEnough);
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace rtcpub::cli
