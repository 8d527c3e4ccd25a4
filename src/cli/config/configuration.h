#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config/settings.h"

namespace rtcpub::cli {

/// What file and environment say.
class Configuration {
 public:
  /// Reads that file, or without one the file that RTCPUB_CONFIG names; without that, none. What is
  /// wrong is told on standard error, and then there is none to use; what is odd is told, too.
  static std::optional<Configuration> read(std::optional<std::string> path, const AllKeys& known);

  /// See settingsOf().
  [[nodiscard]] Result<std::vector<Setting>> settingsFor(const std::vector<Key>& keys,
                                                         std::string_view subcommand) const;

 private:
  Environment environment_;
  std::optional<ConfigFile> file_;
};

}  // namespace rtcpub::cli
