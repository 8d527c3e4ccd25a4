#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/car/pulses.h"
#include "rtcpub/result.h"

/// The URI-like names of what drives motors, and of pins.
namespace rtcpub::car {

/// NXP's chip of 16 PWM outputs, on an I2C bus.
struct Pca9685Uri {
  std::string device;  ///< "/dev/i2c-1"
  int address = 0x40;
  PwmOptions pwm;
  friend bool operator==(const Pca9685Uri&, const Pca9685Uri&) = default;
};
/// PWM outputs that the kernel has.
struct SysfsPwmUri {
  std::string directory;  ///< "/sys/class/pwm/pwmchip0"
  PwmOptions pwm;
  friend bool operator==(const SysfsPwmUri&, const SysfsPwmUri&) = default;
};
/// A program of one's own, which gets a line for each command.
struct ExecUri {
  std::string command;  ///< for the shell
  friend bool operator==(const ExecUri&, const ExecUri&) = default;
};
/// No motors: what they would do is printed, to a file, too.
struct PrintUri {
  std::string path{};  ///< empty: none
  friend bool operator==(const PrintUri&, const PrintUri&) = default;
};
using CarUri = std::variant<Pca9685Uri, SysfsPwmUri, ExecUri, PrintUri>;

/// `pca9685:/dev/i2c-1?address=0x41&frequency=50&throttle=0&throttle-pulse=1000,1500,2000`,
/// `sysfs-pwm:0`, `exec:PROGRAM`, `print:`, `print:FILE`, and `sim:`, which is as `print:`: whoever
/// reads what is printed moves the simulated car. Errors: kInvalidArgument, naming the option and
/// what it takes.
Result<CarUri> parseCarUri(std::string_view text);

/// What `maxSpeed` is reckoned by: motors that have no pulses get the default ones.
PwmOptions pwmOf(const CarUri& uri);

/// A pin of a GPIO chip.
struct Pin {
  std::string chip;  ///< "/dev/gpiochip0"
  int line = 0;
  bool activeLow = false;
  friend bool operator==(const Pin&, const Pin&) = default;
};

/// `gpiochip0:17`, `/dev/gpiochip0:17`, and behind it `?active=low` or `?active=high`. Errors:
/// kInvalidArgument.
Result<Pin> parsePin(std::string_view text, bool activeLow);

}  // namespace rtcpub::car
