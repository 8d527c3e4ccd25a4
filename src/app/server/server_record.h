#pragma once

#include <string>
#include <vector>

#include "rtcpub/result.h"

namespace rtcpub {

/// What a server leaves in its data directory for whoever makes tokens on its machine.
struct ServerRecord {
  std::string audience;           ///< whom its tokens must be for
  std::vector<std::string> urls;  ///< where browsers find it: "https://192.0.2.1:8267", …
  std::string fingerprint;        ///< that its robots must pin: "sha256:…"; empty: none

  friend bool operator==(const ServerRecord&, const ServerRecord&) = default;
};

std::string format(const ServerRecord& record);

/// What can't be read is a record of nothing: it is a help, no more.
ServerRecord parseServerRecord(const std::string& json);

/// Errors: kIo.
Result<void> keepServerRecord(const std::string& dataDir, const ServerRecord& record);
ServerRecord readServerRecord(const std::string& dataDir);

}  // namespace rtcpub
