#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rtcpub {

/// What the system says of this program, in Prometheus's base units.
struct ProcessFigures {
  double cpuSeconds = 0;  ///< user and system, of all threads since the start
  double residentBytes = 0;
  double virtualBytes = 0;
  double openFds = 0;
  double maxFds = 0;  ///< the soft limit
  double threads = 0;
  double startTime = 0;  ///< seconds since 1970
};

/// Nothing where the system tells nothing (it has no /proc). Costs some dozen microseconds.
[[nodiscard]] std::optional<ProcessFigures> processFigures();

/// What one line of /proc/PID/stat has of that (proc(5)), the times in the clock's ticks.
struct ProcessStat {
  std::uint64_t cpuTicks = 0;
  std::uint64_t threads = 0;
  std::uint64_t startTicks = 0;  ///< since the system's start
  std::uint64_t virtualBytes = 0;
  std::uint64_t residentPages = 0;
};

/// Nothing if it is no such line. The program's name, in it, may contain whatever it likes.
[[nodiscard]] std::optional<ProcessStat> parseProcessStat(std::string_view line);

/// When the system started, in seconds since 1970, of the text of /proc/stat.
[[nodiscard]] std::optional<std::uint64_t> parseBootTime(std::string_view text);

}  // namespace rtcpub
