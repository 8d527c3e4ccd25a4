#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/sim/car_model.h"
#include "core/sim/road.h"
#include "rtcpub/clock.h"
#include "rtcpub/simulated_car.h"

namespace rtcpub::sim {

/// The car on its road, as time passes, and its laps. It begins at rest.
/// Pure: the time is an argument, and never goes back. Copies share the road.
class Simulation {
 public:
  /// So much is made up for when nobody asked for long; the rest of the time is left out.
  static constexpr std::chrono::seconds kMostCatchUp{2};

  /// Metres behind the line, along the road, where a car begins.
  static constexpr double kGrid = -15;

  Simulation(std::shared_ptr<const Road> road, Time begin, double start = kGrid);

  /// What it is told from `now` on. What is no number is 0, what is beyond 1 is 1.
  void drive(const Controls& controls, Time now);
  void advance(Time now);

  [[nodiscard]] const Road& road() const { return *road_; }
  [[nodiscard]] const Motion& motion() const { return motion_; }
  [[nodiscard]] const Controls& controls() const { return controls_; }
  [[nodiscard]] const Road::Place& place() const { return place_; }
  /// Laps that were driven; 0 while the first one is.
  [[nodiscard]] int laps() const { return crossings_ > 0 ? crossings_ - 1 : 0; }
  /// When the lap began that is being driven; nothing before the line.
  [[nodiscard]] std::optional<Time> lapBegan() const { return lapBegan_; }
  [[nodiscard]] std::optional<std::chrono::microseconds> bestLap() const { return best_; }
  /// When it was put back on the road last.
  [[nodiscard]] std::optional<Time> putBack() const { return putBack_; }
  /// The crossings of the line that weren't taken yet.
  [[nodiscard]] std::vector<Lap> takeLaps();

 private:
  void stepOnce();
  void followPlace(double before);
  void onCrossing(Time at);
  void putBackOnRoad();

  std::shared_ptr<const Road> road_;
  Time time_;  ///< up to which it has come
  Controls controls_;
  Motion motion_;
  Road::Place place_;
  double travelled_;  ///< metres along the road; below 0 before the line
  int crossings_ = 0;
  std::optional<Time> lapBegan_;
  std::optional<std::chrono::microseconds> best_;
  std::optional<Time> putBack_;
  std::vector<Lap> crossed_;
};

}  // namespace rtcpub::sim
