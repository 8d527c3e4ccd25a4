#include "app/server/data_dir.h"

#include <cstdlib>

#include "core/data_directory.h"

namespace rtcpub {

/// Nothing here ever changes the environment, so that reading it is safe.
// NOLINTBEGIN(concurrency-mt-unsafe)
Result<std::string> dataDirFor(const std::string& given) {
  if (!given.empty()) return given;
  return dataDirectory({.xdgDataHome = std::getenv("XDG_DATA_HOME"),
                        .stateDirectory = std::getenv("STATE_DIRECTORY"),
                        .home = std::getenv("HOME")});
}
// NOLINTEND(concurrency-mt-unsafe)

}  // namespace rtcpub
