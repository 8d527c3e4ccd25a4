#pragma once

#include <memory>

#include "car/gpio.h"
#include "car/program_motors.h"
#include "core/car/car_uri.h"
#include "core/car/motors.h"
#include "core/car/pca9685.h"
#include "core/car/sysfs_pwm.h"

namespace rtcpub::car {

/// Motors, and by what they are reached.
struct OpenMotors {
  std::unique_ptr<RegisterBus> bus{};
  std::unique_ptr<FileTree> files{};
  std::unique_ptr<Motors> motors{};
};

/// What both processes have.
struct Equipment {
  CarUri uri;
  std::shared_ptr<ProgramPipe> pipe{};  ///< of a program of one's own
  std::unique_ptr<OutputPin> power{};   ///< null: there is no such pin
};

/// Which of the two processes.
enum class Role { kWriter, kGuard };

/// Each process opens its own; nothing is opened yet.
OpenMotors makeMotors(Equipment& equipment, Role role);

}  // namespace rtcpub::car
