#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "rtcpub/clock.h"
#include "rtcpub/control.h"
#include "rtcpub/data_channel.h"
#include "rtcpub/export.h"
#include "rtcpub/result.h"

/// What drives motors, as a process of its own (docs/control.md): it gets lines of JSON of what a
/// gate lets pass, and whatever dies, the motors stop.
namespace rtcpub {

/// A car: steering and throttle.
struct CarOptions {
  /// `pca9685:/dev/i2c-1` (`?address=0x40&frequency=60&steering=1&throttle=0`, which are channels,
  /// `&steering-pulse=1000,1500,2000&throttle-pulse=1000,1500,2000`, in µs: left or back, middle,
  /// right or forward), `sysfs-pwm:0` (likewise, without an address), `exec:PROGRAM` (gets a line
  /// for each command), `print:` or `print:FILE` (no motors), `sim:` (none, either).
  std::string motors;
  /// A Unix socket to listen at for who gives the commands, one at a time. Empty: standard input.
  std::string socket;
  /// How fast the throttle may move away from 0, as a share of its range a second: 2 means that it
  /// takes half a second. It is taken back at once. 0: at once, too. 0 to 100.
  double ramp = 0;
  /// A pin that lets the motors have power, `gpiochip0:17`: active while somebody drives. It is
  /// active at the low level, as a PCA9685's OE, unless `?active=high` follows. Empty: none.
  std::string enablePin;
  /// A pin that becomes active when the car passes a lap sensor. It is active at the low level
  /// unless `?active=high` follows. Empty: none.
  std::string lapPin;
};

/// Whether the options can be right. Errors: kInvalidArgument.
[[nodiscard]] RTCPUB_EXPORT Result<void> checkCar(const CarOptions& options);

/// Drives the motors until `stop`, or standard input ends: then they are stopped, the motor first,
/// and released. It forks a second process off, which has the motors open, too: the two watch each
/// other, and when one is killed or stands still for 50 ms, the other ends it for good, brings the
/// motors to neutral, and ends. Neither goes on alone, or starts another one: what has lost half of
/// itself is to be started anew, by whoever started it.
///
/// What is written to the motors, whether they are ready, and what is for the data channel `metric`
/// goes to standard output, a line of JSON each. systemd's watchdog is told by $NOTIFY_SOCKET.
///
/// Blocks; for programs that do nothing else: it locks the process's memory, gives the calling
/// thread real-time priority (it warns where that isn't permitted), and SIGPIPE should be ignored.
/// Motors that don't answer are no error: they are tried again. Errors: kInvalidArgument; kNotFound
/// and kIo (a pin or the socket isn't to be had, another program drives these motors, the second
/// process is gone, motors that could not be stopped).
[[nodiscard]] RTCPUB_EXPORT Result<void> runCar(const CarOptions& options,
                                                const std::stop_token& stop);

/// What is written to a car's motors.
struct CarPosition {
  double steering = 0;   ///< -1 to 1
  double throttle = 0;   ///< -1 to 1
  bool neutral = true;   ///< nothing moves
  std::string reason{};  ///< why it is neutral; empty: the driver says so
  Time at{};             ///< when it had been written

  friend bool operator==(const CarPosition&, const CarPosition&) = default;
};

/// How a program that calls runCar() is started and what it is joined with.
struct CarProcessOptions {
  /// The program and its arguments.
  std::vector<std::string> command;
  /// Gets lap times, and confirmations of the top speed.
  std::optional<DataChannel> metric{};
  /// Where viewers set the top speed, by SpiderCar's message.
  std::optional<DataChannel> stream{};
  /// What is written to the motors, and neutral when the program has ended. Called on the process's
  /// own thread: it must not block.
  std::function<void(const CarPosition&)> onPosition{};
};

/// A program that drives motors, started, and fed by a gate: 50 lines a second, and at once on a
/// change. The gate isn't ready before the motors are. A program that ends is started again after
/// 0.5 to 8 s. Runs on: a thread of its own, with real-time priority where permitted.
class RTCPUB_EXPORT CarProcess {
 public:
  /// Errors: kInvalidArgument (there is no command).
  static Result<CarProcess> start(Control control, CarProcessOptions options);
  /// What was moved from only waits to be destroyed or assigned to.
  CarProcess(CarProcess&&) noexcept;
  /// Ends the program that was fed until now, as the destructor does.
  CarProcess& operator=(CarProcess&&) noexcept;
  /// The gate isn't ready any more. Waits until the program has ended, 3 s at most; then kills it.
  ~CarProcess();

 private:
  class Impl;
  explicit CarProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub
