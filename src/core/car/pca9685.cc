#include "core/car/pca9685.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace rtcpub::car {
namespace pca9685 {
namespace {

constexpr double kOscillatorMhz = 25;

}  // namespace

std::uint8_t preScale(int frequency) {
  const double rounds = std::round(kOscillatorMhz * 1e6 / (kPulseSteps * frequency));
  return static_cast<std::uint8_t>(std::clamp(rounds - 1, 3.0, 255.0));
}

int steps(double pulseUs, std::uint8_t preScale) {
  const double count = std::round(pulseUs * kOscillatorMhz / (preScale + 1));
  return static_cast<int>(std::clamp(count, 0.0, kPulseSteps - 1.0));
}

}  // namespace pca9685

using namespace pca9685;

Pca9685::Pca9685(Pca9685Uri uri, RegisterBus& bus)
    : uri_(std::move(uri)), preScale_(preScale(uri_.pwm.frequency)), bus_(bus) {}

Result<void> Pca9685::set(std::uint8_t number, std::uint8_t value) {
  return bus_.write(std::array{number, value});
}

/// All four registers in one transfer: the output changes at its end.
Result<void> Pca9685::pulse(const PwmAxis& axis, double value) {
  const int off = steps(pulseUs(axis.pulses, value), preScale_);
  const auto first = static_cast<std::uint8_t>(kLed0OnL + 4 * axis.channel);
  return bus_.write(std::array<std::uint8_t, 5>{first, 0, 0, static_cast<std::uint8_t>(off & 0xFF),
                                                static_cast<std::uint8_t>(off >> 8)});
}

/// OFF_H alone: it goes before all else, and needs no auto-increment.
Result<void> Pca9685::noPulse(const PwmAxis& axis) {
  return set(static_cast<std::uint8_t>(kLed0OnL + 4 * axis.channel + 3), kFullOff);
}

Result<std::uint8_t> Pca9685::mode1() {
  auto mode = bus_.read(kMode1);
  if (mode && (*mode & kExternalClock) != 0) {
    return fail(ErrorCode::kIo,
                "the PCA9685 on " + uri_.device +
                    " runs by an external clock, by which its pulses would be of any length: take "
                    "its power away for a moment");
  }
  return mode;
}

/// Whether it makes pulses of our frequency already.
Result<bool> Pca9685::runs() {
  const auto mode = mode1();
  if (!mode) return tl::unexpected(mode.error());
  const auto scale = bus_.read(kPreScale);
  if (!scale) return tl::unexpected(scale.error());
  return (*mode & (kSleep | kAutoIncrement)) == kAutoIncrement && *scale == preScale_;
}

/// The prescale can be set only while it sleeps. What our two outputs had is cut off before, since
/// it was made for another frequency; the others go on.
Result<void> Pca9685::start() {
  const std::array<std::pair<std::uint8_t, std::uint8_t>, 3> whileItSleeps{
      {{kMode1, kSleep | kAutoIncrement}, {kPreScale, preScale_}, {kMode2, kTotemPole}}};
  if (auto cut = noPulse(uri_.pwm.throttle); !cut) return cut;
  if (auto cut = noPulse(uri_.pwm.steering); !cut) return cut;
  for (const auto& [number, value] : whileItSleeps) {
    if (auto written = set(number, value); !written) return written;
  }
  const auto slept = bus_.read(kMode1);
  if (!slept) return tl::unexpected(slept.error());
  if (auto woken = set(kMode1, kAutoIncrement); !woken) return woken;
  bus_.pause(kStarts);
  if ((*slept & kRestart) == 0) return {};
  return set(kMode1, kRestart | kAutoIncrement);
}

Result<void> Pca9685::prepare() {
  if (auto opened = bus_.open(); !opened) return opened;
  const auto running = runs();
  if (!running) return tl::unexpected(running.error());
  if (!*running) {
    if (auto started = start(); !started) return started;
  }
  return write({});
}

Result<void> Pca9685::write(const Position& position) {
  auto motor = pulse(uri_.pwm.throttle, position.throttle);
  return firstError(std::move(motor), pulse(uri_.pwm.steering, position.steering));
}

Result<void> Pca9685::check() {
  const auto running = runs();
  if (!running) return tl::unexpected(running.error());
  if (*running) return {};
  return fail(ErrorCode::kIo, "the PCA9685 on " + uri_.device +
                                  " has lost its settings: its power was away for a moment, or "
                                  "another program uses it");
}

Result<void> Pca9685::release() {
  auto motor = noPulse(uri_.pwm.throttle);
  return firstError(std::move(motor), noPulse(uri_.pwm.steering));
}

}  // namespace rtcpub::car
