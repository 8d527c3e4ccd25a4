#include "core/sim/simulation.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rtcpub::sim {
namespace {

double axis(double value) { return std::isfinite(value) ? std::clamp(value, -1.0, 1.0) : 0; }

}  // namespace

Simulation::Simulation(std::shared_ptr<const Road> road, Time begin, double start)
    : road_(std::move(road)), time_(begin), travelled_(road_->wrapped(start) - road_->length()) {
  place_.distance = road_->wrapped(start);
  const auto section = road_->at(start);
  motion_ = {.x = section.x, .y = section.y, .heading = section.heading};
}

void Simulation::drive(const Controls& controls, Time now) {
  advance(now);
  controls_ = {axis(controls.steering), axis(controls.throttle)};
}

void Simulation::advance(Time now) {
  time_ = std::max(time_, now - kMostCatchUp);
  while (time_ + kStep <= now) stepOnce();
}

void Simulation::stepOnce() {
  const double before = place_.distance;
  motion_ = step(motion_, controls_, road_->groundAt(place_));
  time_ += kStep;
  place_ = road_->locate(motion_.x, motion_.y, before);
  followPlace(before);
  if (std::abs(place_.offset) > Road::kVerge) putBackOnRoad();
}

/// The line is crossed where what was travelled reaches the next whole number of lengths; whoever
/// turns round before it and comes back crosses it once.
void Simulation::followPlace(double before) {
  const double went = std::remainder(place_.distance - before, road_->length());
  travelled_ += went;
  const double line = crossings_ * road_->length();
  if (travelled_ < line || went <= 0) return;
  const double beyond = std::min((travelled_ - line) / went, 1.0);
  onCrossing(time_ - std::chrono::microseconds(std::llround(beyond * double(kStep.count()))));
}

void Simulation::onCrossing(Time at) {
  Lap lap{.number = crossings_, .at = at};
  if (lapBegan_) {
    lap.time = at - *lapBegan_;
    best_ = best_ ? std::min(*best_, *lap.time) : *lap.time;
    lap.best = best_;
  }
  ++crossings_;
  lapBegan_ = at;
  crossed_.push_back(lap);
}

void Simulation::putBackOnRoad() {
  const auto section = road_->at(place_.distance);
  motion_ = {.x = section.x, .y = section.y, .heading = section.heading};
  place_.offset = 0;
  putBack_ = time_;
}

std::vector<Lap> Simulation::takeLaps() { return std::exchange(crossed_, {}); }

}  // namespace rtcpub::sim
