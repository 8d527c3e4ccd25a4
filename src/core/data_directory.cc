#include "core/data_directory.h"

#include <string_view>

namespace rtcpub {
namespace {

/// Empty unless it is an absolute path.
std::string absolute(const char* path) {
  std::string text = path == nullptr ? "" : path;
  if (!text.starts_with('/')) return {};
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

std::string below(const std::string& directory, std::string_view name) {
  return (directory == "/" ? "" : directory) + '/' + std::string(name);
}

}  // namespace

Result<std::string> dataDirectory(const DataDirectories& environment) {
  if (const auto data = absolute(environment.xdgDataHome); !data.empty()) {
    return below(data, "rtcpub");
  }
  const auto states = absolute(environment.stateDirectory);
  // Of several, which colons join, the first (systemd.exec(5)).
  if (const auto state = states.substr(0, states.find(':')); !state.empty()) return state;
  if (const auto home = absolute(environment.home); !home.empty()) {
    return below(home, ".local/share/rtcpub");
  }
  return fail(ErrorCode::kInvalidArgument,
              "there is no place for the server's key and certificate, since HOME isn't set: say "
              "where to keep them (dataDir)");
}

}  // namespace rtcpub
