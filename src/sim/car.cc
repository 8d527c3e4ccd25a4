#include "sim/car.h"

#include <utility>

namespace rtcpub::sim {

Car::Car(Clock clock)
    : clock_(std::move(clock)), simulation_(road_, clock_()), shownAt_(clock_()) {}

Time Car::advance() {
  const Time now = clock_();
  simulation_.advance(now);
  for (const Lap& lap : simulation_.takeLaps()) laps_.push(lap);
  return now;
}

void Car::drive(const Controls& controls) {
  std::lock_guard lock(mutex_);
  simulation_.drive(controls, advance());
}

void Car::show(const Instruments& instruments) {
  std::lock_guard lock(mutex_);
  instruments_ = instruments;
  shownAt_ = clock_();
}

SimulatedCarState Car::state() {
  std::lock_guard lock(mutex_);
  (void)advance();
  const Motion& motion = simulation_.motion();
  return {.speed = motion.speed,
          .steering = motion.steering,
          .x = motion.x,
          .y = motion.y,
          .heading = motion.heading,
          .distance = simulation_.place().distance,
          .offset = simulation_.place().offset,
          .laps = simulation_.laps()};
}

Car::Snapshot Car::snapshot() {
  std::lock_guard lock(mutex_);
  const Time now = advance();
  Snapshot snapshot{simulation_, instruments_, now};
  if (auto& age = snapshot.instruments.age) {
    *age += std::chrono::duration_cast<std::chrono::milliseconds>(now - shownAt_);
  }
  return snapshot;
}

}  // namespace rtcpub::sim
