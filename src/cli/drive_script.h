#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/control.h"
#include "rtcpub/result.h"

namespace rtcpub::cli {

/// A line of a script that drives.
struct ScriptStep {
  enum class Kind { kDrive, kTake, kRelease, kStop, kClear };
  Kind kind = Kind::kDrive;
  std::chrono::milliseconds length{};  ///< kDrive
  Axes axes{};                         ///< kDrive

  friend bool operator==(const ScriptStep&, const ScriptStep&) = default;
};

/// `MILLISECONDS AXES`, such as `500 {"steering": -0.2, "throttle": 0.5}`, or one of the words
/// `take`, `release`, `stop`, `clear`. Nothing for an empty line and for one that begins with `#`.
/// Errors: kInvalidArgument.
Result<std::optional<ScriptStep>> parseScriptLine(std::string_view line);

}  // namespace rtcpub::cli
