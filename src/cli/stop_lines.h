#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/control.h"

/// Lines of standard input by which the robot's own side stops it.
namespace rtcpub::cli {

/// `:stop [WHY]` or `:clear`.
struct StopLine {
  enum class Verb { kStop, kClear };
  Verb verb;
  std::string why{};  ///< for people; of a stop

  friend bool operator==(const StopLine&, const StopLine&) = default;
};

/// Nothing when it is no such line.
std::optional<StopLine> parseStopLine(std::string_view line);

/// Does what the line says, or complains that there is no gate, or, where there is one, that the
/// line is no command at all. False: it is for others.
bool runStopLine(std::optional<Control> gate, std::string_view line);

}  // namespace rtcpub::cli
