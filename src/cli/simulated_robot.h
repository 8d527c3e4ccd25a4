#pragma once

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "rtcpub/data_channel.h"
#include "rtcpub/simulated_car.h"

/// A simulated car as a robot of its own: its panel and its telemetry.
namespace rtcpub::cli {

/// `{"car":{"kmh":34.2,"steering":-0.12,"lap":2}}`
std::string telemetryOf(const SimulatedCarState& state);

/// What SpiderCar's lap sensor says when the line is crossed, `{"ir":{"key":"detectTime",…}}` with
/// CLOCK_MONOTONIC in seconds, and the lap's time, `{"lap":{"key":"seconds",…}}`, if one is over.
std::vector<std::string> messagesOf(const Lap& lap);

/// What the panel shows of a gate, by its journal. Pure: the time is an argument.
class ShownGate {
 public:
  [[nodiscard]] Instruments onEvent(const ControlEvent& event, Time now);

 private:
  std::optional<Time> given_;  ///< the last command that was accepted of the one who drives
};

/// Shows in the car's picture what its gate does, and sends telemetry ten times a second and laps,
/// as long as it lives.
/// Runs on: threads of its own.
class SimulatedRobot {
 public:
  SimulatedRobot(const SimulatedCar& car, std::optional<Control> gate,
                 std::optional<DataChannel> metric);

 private:
  std::vector<std::jthread> threads_;
};

}  // namespace rtcpub::cli
