#pragma once

#include <cstdint>
#include <optional>

namespace rtcpub::bench {

/// What a process took of the machine (proc(5)).
struct ProcessUsage {
  double cpuSeconds = 0;  ///< user and system, in steps of a clock tick (10 ms)
  /// How long its threads were ready to run but had no core. Where it is much, the machine was too
  /// busy with other things for the other figures to mean anything.
  double waitSeconds = 0;
  std::int64_t rssKb = 0;
};

/// Nothing when there is no such process.
[[nodiscard]] std::optional<ProcessUsage> usageOf(int pid);

}  // namespace rtcpub::bench
