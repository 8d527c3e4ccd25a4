#pragma once

#include <string>
#include <vector>

#include "cli/config/toml_text.h"
#include "rtcpub/result.h"

namespace rtcpub::cli {

struct ConfigFile {
  std::string path;
  std::vector<ConfigEntry> entries;
  bool exposed = false;  ///< users other than its owner can read it, but for a group of root's

  /// "PATH:LINE", for messages; "PATH" without a line.
  [[nodiscard]] std::string at(int line) const;
};

/// Reads a file, or what is no file but can be read, as a pipe. Errors: kNotFound, kIo (it can't be
/// read, or is a directory), kInvalidArgument (it isn't what parseConfigText() takes, or has more
/// than 1 MiB); they name path and line.
Result<ConfigFile> readConfigFile(const std::string& path);

}  // namespace rtcpub::cli
