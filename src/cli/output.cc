#include "cli/output.h"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "cli/setting_names.h"
#include "rtcpub/log.h"

namespace rtcpub::cli {
namespace {

/// On a terminal the status line gives way: the cursor waits at its beginning.
const char* clearLine(int descriptor) { return isatty(descriptor) != 0 ? "\033[K" : ""; }

}  // namespace

bool Output::line(std::string_view text) {
  static const char* const kClear = clearLine(STDOUT_FILENO);
  const std::string line = kClear + std::string(text) + "\n";
  const std::lock_guard lock(mutex_);
  return std::fwrite(line.data(), 1, line.size(), stdout) == line.size() &&
         std::fflush(stdout) == 0;
}

void complain(std::string_view message) {
  const std::string line =
      clearLine(STDERR_FILENO) + std::string("rtcpub: ") + escaped(inOptions(message)) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace rtcpub::cli
