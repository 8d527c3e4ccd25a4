#include "rtcpub/car.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "car/equipment.h"
#include "car/gpio.h"
#include "car/guard.h"
#include "car/input.h"
#include "car/motors_lock.h"
#include "car/process.h"
#include "car/shared_memory.h"
#include "car/writer.h"
#include "core/car/car_uri.h"
#include "log/log.h"

namespace rtcpub {
namespace {

using namespace car;

constexpr double kMostRamp = 100;
constexpr std::chrono::milliseconds kGuardEnds{1000};

struct Plan {
  CarUri uri;
  std::optional<Pin> enable;
  std::optional<Pin> lap;
};

Result<std::optional<Pin>> optionalPin(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return parsePin(text, true).map([](Pin pin) { return std::optional(std::move(pin)); });
}

Result<Plan> planOf(const CarOptions& options) {
  auto uri = parseCarUri(options.motors);
  if (!uri) return tl::unexpected(uri.error());
  if (!(options.ramp >= 0 && options.ramp <= kMostRamp)) {
    return fail(ErrorCode::kInvalidArgument, "a ramp takes 0 to 100 times the throttle a second");
  }
  auto enable = optionalPin(options.enablePin);
  if (!enable) return tl::unexpected(enable.error());
  auto lap = optionalPin(options.lapPin);
  if (!lap) return tl::unexpected(lap.error());
  return Plan{*std::move(uri), *std::move(enable), *std::move(lap)};
}

/// Programs of one's own and files have no name by which two could be told to be one.
Result<Descriptor> lockFor(const CarUri& uri) {
  if (const auto* chip = std::get_if<Pca9685Uri>(&uri)) {
    return lockMotors("the PCA9685 at " + std::to_string(chip->address) + " on " + chip->device);
  }
  if (const auto* kernel = std::get_if<SysfsPwmUri>(&uri)) return lockMotors(kernel->directory);
  return Descriptor();
}

/// All that can fail before there are two processes.
struct Parts {
  Descriptor lock;
  Input input;
  Equipment equipment;
  std::unique_ptr<SensorPin> sensor;
};

Result<Parts> open(const CarOptions& options, const Plan& plan) {
  auto lock = lockFor(plan.uri);
  if (!lock) return tl::unexpected(lock.error());
  auto input = options.socket.empty() ? Result<Input>(Input()) : Input::listen(options.socket);
  if (!input) return tl::unexpected(input.error());
  Parts parts{*std::move(lock), *std::move(input), {.uri = plan.uri}, nullptr};
  if (plan.enable) {
    auto pin = OutputPin::open(*plan.enable);
    if (!pin) return tl::unexpected(pin.error());
    parts.equipment.power = *std::move(pin);
  }
  if (plan.lap) {
    auto pin = SensorPin::open(*plan.lap);
    if (!pin) return tl::unexpected(pin.error());
    parts.sensor = *std::move(pin);
  }
  if (std::holds_alternative<ExecUri>(plan.uri)) {
    parts.equipment.pipe = std::make_shared<ProgramPipe>();
  }
  return parts;
}

void warnOf(const std::optional<std::string>& what) {
  if (what) log().warn("the car is safe only while the machine isn't busy: {}", *what);
}

/// The guard sees the number of this process, not its parent's, which may be another one by then.
pid_t forkGuard(Parts& parts, Shared& shared, const Descriptor& self) {
  const pid_t guard = fork();
  if (guard != 0) return guard;
  for (const int descriptor : parts.input.descriptors()) close(descriptor);
  runGuard(parts.equipment, shared, self);
}

Result<void> runPair(const CarOptions& options, Parts& parts, Shared& shared,
                     const std::stop_token& stop) {
  const Descriptor self = processDescriptor(getpid());
  const pid_t guard = self ? forkGuard(parts, shared, self) : -1;
  if (guard < 0) {
    return fail(ErrorCode::kIo, "there can't be a second process: " + errorText(errno));
  }
  const Descriptor guardDescriptor = processDescriptor(guard);
  Writer writer({.equipment = parts.equipment,
                 .shared = shared,
                 .input = parts.input,
                 .sensor = parts.sensor.get(),
                 .guard = guardDescriptor,
                 .ramp = options.ramp});
  auto outcome = writer.run(stop);
  if (!endsWithin(guardDescriptor, kGuardEnds)) kill(guardDescriptor);
  waitpid(guard, nullptr, 0);
  return outcome;
}

}  // namespace

Result<void> checkCar(const CarOptions& options) {
  const auto plan = planOf(options);
  if (!plan) return tl::unexpected(plan.error());
  return {};
}

Result<void> runCar(const CarOptions& options, const std::stop_token& stop) {
  const auto plan = planOf(options);
  if (!plan) return tl::unexpected(plan.error());
  auto parts = open(options, *plan);
  if (!parts) return tl::unexpected(parts.error());
  const SharedMemory memory;
  if (memory.get() == nullptr) return fail(ErrorCode::kIo, "there is no memory to share");
  warnOf(lockMemory());
  warnOf(makeRealTime());
  return runPair(options, *parts, *memory.get(), stop);
}

}  // namespace rtcpub
