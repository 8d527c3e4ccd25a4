#pragma once

#include <memory>
#include <utility>

#include "rtcpub/simulated_car.h"
#include "sim/car.h"
#include "sim/view_source.h"

namespace rtcpub {

/// A car and its picture. Tests give it a clock of their own.
class SimulatedCar::Impl {
 public:
  Impl(const SimulatedCarOptions& options, sim::Car::Clock clock)
      : car(std::make_shared<sim::Car>(std::move(clock))),
        view(std::make_shared<sim::ViewSource>(car, options)) {}

  const std::shared_ptr<sim::Car> car;
  const std::shared_ptr<sim::ViewSource> view;
};

}  // namespace rtcpub
