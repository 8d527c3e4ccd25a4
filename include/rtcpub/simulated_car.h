#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "rtcpub/clock.h"
#include "rtcpub/control.h"
#include "rtcpub/export.h"
#include "rtcpub/result.h"
#include "rtcpub/subscription.h"
#include "rtcpub/video_source.h"

namespace rtcpub {

/// The picture of a simulated car.
struct SimulatedCarOptions {
  int width = 960;     ///< pixels, even, from 320 to 4096
  int height = 540;    ///< pixels, even, from 180 to 4096
  int fps = 30;        ///< pictures a second, 1 to 240
  bool stamp = false;  ///< number and time in the picture (docs/stamp.md); from 512 pixels of width

  friend bool operator==(const SimulatedCarOptions&, const SimulatedCarOptions&) = default;
};

/// The line was crossed, forwards.
struct Lap {
  int number = 0;  ///< laps since the start; 0: the first one begins
  Time at{};       ///< when the line was crossed
  std::optional<std::chrono::microseconds> time{};  ///< that the lap took; nothing at number 0
  std::optional<std::chrono::microseconds> best{};  ///< of all laps; nothing at number 0

  friend bool operator==(const Lap&, const Lap&) = default;
};

/// How the car moves at one moment.
struct SimulatedCarState {
  double speed = 0;     ///< metres a second; below 0: backwards
  double steering = 0;  ///< -1 to 1; 1: right. Where the wheels stand, which lag behind drive()
  double x = 0;         ///< metres, to the east
  double y = 0;         ///< metres, to the north
  double heading = 0;   ///< radians, anticlockwise from the east
  double distance = 0;  ///< metres behind the line, along the road
  double offset = 0;    ///< metres left of the road's middle
  int laps = 0;         ///< that were driven since the start

  friend bool operator==(const SimulatedCarState&, const SimulatedCarState&) = default;
};

/// What the panel in the picture shows besides the car's own motion.
struct Instruments {
  std::string driver{};                            ///< who drives; empty: nobody
  std::optional<std::chrono::milliseconds> age{};  ///< of the last command
  GateState state = GateState::kIdle;              ///< of the robot's gate
  StopReason reason = StopReason::kNobody;         ///< why it gives neutral
  double factor = 1;                               ///< what the governor leaves of the top speed

  friend bool operator==(const Instruments&, const Instruments&) = default;
};

/// A car of one's own to try control with: a road, laps over a line, and the driver's view as a
/// source of video (docs/control.md). It drives at up to 36 km/h, brakes by opposite throttle, and
/// stands still 1.3 s after neutral at the latest; kerbs and grass slow it, and who leaves the
/// grass is put back on the road. It does as it was told last: that a driver vanishes is the gate's
/// affair.
///
/// A cheap handle that may be copied; the car exists as long as one of them, or its video, does.
/// Any thread. Time passes for it whether or not pictures are drawn.
class RTCPUB_EXPORT SimulatedCar {
 public:
  class Impl;
  /// For the library.
  explicit SimulatedCar(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  /// Errors: kInvalidArgument, naming the option and what it takes.
  static Result<SimulatedCar> create(const SimulatedCarOptions& options = {});
  /// `sim:`, or `sim:?size=960x540&fps=30&stamp`. Errors: kInvalidArgument.
  static Result<SimulatedCar> open(const std::string& uri);

  /// The driver's view, for one publisher. A marker in each picture says what the car was told when
  /// it was drawn (docs/stamp.md).
  [[nodiscard]] std::shared_ptr<VideoSource> video() const;

  /// What it does from now on: steering -1 (left) to 1 (right), throttle -1 (back) to 1 (forward);
  /// what is beyond is taken as the bound, and what is no number as 0.
  void drive(double steering, double throttle);
  /// What the panel shows from now on; the age grows by itself until the next call.
  void show(const Instruments& instruments);

  /// How it moves now.
  [[nodiscard]] SimulatedCarState state() const;
  /// Each crossing of the line from now on.
  [[nodiscard]] Subscription<Lap> laps() const;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace rtcpub
