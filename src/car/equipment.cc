#include "car/equipment.h"

#include "car/i2c_device.h"
#include "car/kernel_files.h"
#include "car/print_motors.h"

namespace rtcpub::car {
namespace {

OpenMotors make(const Pca9685Uri& uri) {
  OpenMotors made{.bus = std::make_unique<I2cDevice>(uri.device, uri.address)};
  made.motors = std::make_unique<Pca9685>(uri, *made.bus);
  return made;
}

OpenMotors make(const SysfsPwmUri& uri) {
  OpenMotors made{.files = std::make_unique<KernelFiles>()};
  made.motors = std::make_unique<SysfsPwm>(uri, *made.files);
  return made;
}

/// The pipe is taken along: whoever has it keeps the program from seeing its input's end.
OpenMotors makeProgram(const ExecUri& uri, std::shared_ptr<ProgramPipe> pipe, Role role) {
  if (role == Role::kGuard) return {.motors = std::make_unique<ProgramInput>(std::move(pipe))};
  return {.motors = std::make_unique<ProgramMotors>(uri.command, std::move(pipe))};
}

}  // namespace

OpenMotors makeMotors(Equipment& equipment, Role role) {
  if (const auto* chip = std::get_if<Pca9685Uri>(&equipment.uri)) return make(*chip);
  if (const auto* kernel = std::get_if<SysfsPwmUri>(&equipment.uri)) return make(*kernel);
  if (const auto* program = std::get_if<ExecUri>(&equipment.uri)) {
    return makeProgram(*program, std::move(equipment.pipe), role);
  }
  return {.motors = std::make_unique<PrintMotors>(std::get<PrintUri>(equipment.uri).path)};
}

}  // namespace rtcpub::car
