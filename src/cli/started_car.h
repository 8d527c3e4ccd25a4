#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>

#include "cli/data_lines.h"
#include "cli/simulated_robot.h"
#include "rtcpub/car.h"
#include "rtcpub/control.h"
#include "rtcpub/simulated_car.h"

namespace rtcpub::cli {

/// Where telemetry goes.
inline constexpr const char* kMetricLabel = "metric";

/// The option that names motors, as `rtcpub car` does.
void addCarOption(CLI::App& command, std::string& motors);

/// `rtcpub car MOTORS`, this same program, behind a gate, and what shows a simulated car.
struct Moving {
  std::optional<CarProcess> car;
  std::optional<SimulatedRobot> shown;
};

/// Starts it, if there are motors. It has the data channels `metric` and `stream`, where there are
/// such, and what it writes to its motors moves the simulated car. Errors: kInvalidArgument, kIo
/// (this program doesn't know where it is).
Result<Moving> startMoving(const std::string& motors, const std::optional<Control>& gate,
                           const Channels& channels, const std::optional<SimulatedCar>& simulated);

}  // namespace rtcpub::cli
