#include "cli/own_path.h"

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <system_error>

namespace rtcpub::cli {

bool isFoundIn(const std::string& path, const std::string& file) {
  std::istringstream directories(path);
  for (std::string directory; std::getline(directories, directory, ':');) {
    const auto candidate = std::filesystem::path(directory.empty() ? "." : directory) / "rtcpub";
    std::error_code missing;
    // The first is started, whichever it is.
    if (std::filesystem::exists(candidate, missing)) {
      return std::filesystem::equivalent(candidate, file, missing);
    }
  }
  return false;
}

std::string pathHint() {
  std::error_code unknown;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  // Nothing here ever changes the environment, so that reading it is safe.
  const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
  if (unknown || isFoundIn(path == nullptr ? "" : path, self.string())) return {};
  return "this program is " + self.string() +
         "; in its source tree, ./dev install puts it on the PATH as rtcpub";
}

}  // namespace rtcpub::cli
