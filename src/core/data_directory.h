#pragma once

#include <string>

#include "rtcpub/result.h"

namespace rtcpub {

/// What the environment says of where a program's data belong; null or empty: nothing.
struct DataDirectories {
  const char* xdgDataHome = nullptr;  ///< XDG_DATA_HOME
  const char* stateDirectory =
      nullptr;                 ///< STATE_DIRECTORY, which systemd sets for StateDirectory=
  const char* home = nullptr;  ///< HOME
};

/// `$XDG_DATA_HOME/rtcpub`, else the service's state directory, else `~/.local/share/rtcpub`. What
/// isn't absolute counts as unset (XDG Base Directory Specification), so that no key lands in
/// whatever directory the program was started from. Errors: kInvalidArgument (nothing is set).
Result<std::string> dataDirectory(const DataDirectories& environment);

}  // namespace rtcpub
