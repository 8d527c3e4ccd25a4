#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "core/inbox.h"
#include "core/sim/simulation.h"
#include "rtcpub/simulated_car.h"

namespace rtcpub::sim {

/// The simulation, shared by those who drive it, draw it and ask about it. Its time passes when
/// somebody asks. Any thread.
class Car {
 public:
  using Clock = std::function<Time()>;

  explicit Car(Clock clock);

  [[nodiscard]] Time now() const { return clock_(); }
  void drive(const Controls& controls);
  void show(const Instruments& instruments);
  [[nodiscard]] SimulatedCarState state();
  [[nodiscard]] Subscription<Lap> laps() { return laps_.subscribe(); }

  /// How all stands at one moment.
  struct Snapshot {
    Simulation simulation;
    Instruments instruments;  ///< with the age that the last command has by then
    Time time;
  };
  [[nodiscard]] Snapshot snapshot();
  [[nodiscard]] const std::shared_ptr<const Road>& road() const { return road_; }

 private:
  /// Lets time pass, and tells of laps. Under the lock; the time that it has come to.
  Time advance();

  const Clock clock_;
  const std::shared_ptr<const Road> road_ = std::make_shared<Road>();
  std::mutex mutex_;
  Simulation simulation_;
  Instruments instruments_;
  Time shownAt_;
  Fanout<Lap> laps_{16};
};

}  // namespace rtcpub::sim
