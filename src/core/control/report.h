#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/control.h"
#include "rtcpub/result.h"

namespace rtcpub::control {

/// What a gate says of itself on `rtcpub.control`.
struct GateReport {
  GateState state = GateState::kIdle;
  StopReason reason = StopReason::kNobody;
  std::uint64_t lease = 0;        ///< in force; 0: none
  std::uint64_t sequence = 0;     ///< of the newest command that was accepted; 0: none yet
  std::optional<double> delayMs;  ///< its loop delay
  double factor = 1;              ///< 0 to 1
  std::map<std::string, std::uint64_t> verdicts;  ///< by name, since the lease began
  std::uint64_t stops = 0;                        ///< since the gate was made
  std::uint64_t emergency = 0;  ///< the number of the newest emergency stop that it has taken
  /// For people: who pressed the emergency stop, and why, or why the robot isn't ready.
  std::string by;
  ControlOptions settings;  ///< what it goes by, as far as a driver is told: without `motionLabel`

  friend bool operator==(const GateReport&, const GateReport&) = default;
};

/// `{"gate":{…}}`. Verdicts of names that aren't known are kept, up to 32. Errors: kProtocol.
Result<GateReport> parseReport(std::string_view text);
std::string format(const GateReport& report);

}  // namespace rtcpub::control
