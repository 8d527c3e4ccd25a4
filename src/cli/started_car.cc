#include "cli/started_car.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "rtcpub/publisher.h"

namespace rtcpub::cli {
namespace {

std::optional<DataChannel> channelOf(const Channels& channels, const std::string& label) {
  const auto found = channels.find(label);
  if (found == channels.end()) return std::nullopt;
  return found->second;
}

Result<CarProcess> startCar(const std::string& motors, const Control& gate,
                            const Channels& channels,
                            const std::optional<SimulatedCar>& simulated) {
  std::error_code unknown;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  if (unknown) {
    return fail(ErrorCode::kIo, "where this program is can't be read from /proc/self/exe: " +
                                    unknown.message() + "; is /proc mounted?");
  }
  // Whatever the environment says, commands come by its standard input.
  CarProcessOptions options{.command = {self.string(), "car", "--socket=-", motors},
                            .metric = channelOf(channels, kMetricLabel),
                            .stream = channelOf(channels, kStreamLabel)};
  if (simulated) {
    options.onPosition = [car = *simulated](const CarPosition& position) mutable {
      car.drive(position.steering, position.throttle);
    };
  }
  return CarProcess::start(gate, std::move(options));
}

}  // namespace

void addCarOption(CLI::App& command, std::string& motors) {
  command
      .add_option("--car", motors,
                  "Let what passes the gate drive these motors: start 'rtcpub car MOTORS' and feed "
                  "it. pca9685:/dev/i2c-1, sysfs-pwm:0, exec:PROGRAM, print:, or sim:, the "
                  "simulated car of --video sim:")
      ->type_name("MOTORS")
      ->check([](const std::string& uri) {
        const auto right = checkCar({.motors = uri});
        return right ? std::string() : right.error().message;
      });
}

Result<Moving> startMoving(const std::string& motors, const std::optional<Control>& gate,
                           const Channels& channels, const std::optional<SimulatedCar>& simulated) {
  Moving moving;
  if (!motors.empty() && gate) {
    auto car = startCar(motors, *gate, channels, simulated);
    if (!car) return tl::unexpected(car.error());
    moving.car = *std::move(car);
  }
  if (simulated) moving.shown.emplace(*simulated, gate, channelOf(channels, kMetricLabel));
  return moving;
}

}  // namespace rtcpub::cli
