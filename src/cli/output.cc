#include "cli/output.h"

#include <cstdio>
#include <string>

namespace rtcpub::cli {

bool Output::line(std::string_view text) {
  const std::string line = std::string(text) + "\n";
  const std::lock_guard lock(mutex_);
  return std::fwrite(line.data(), 1, line.size(), stdout) == line.size() &&
         std::fflush(stdout) == 0;
}

void complain(std::string_view message) {
  const std::string line = "rtcpub: " + std::string(message) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace rtcpub::cli
