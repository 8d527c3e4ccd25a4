#pragma once

#include <optional>
#include <string>
#include <thread>

#include "cli/drive_keys.h"
#include "cli/gamepad.h"
#include "cli/stop_signal.h"
#include "rtcpub/control.h"

namespace rtcpub::cli {

/// Somebody who drives by the keys of standard input, a terminal, or by a gamepad, and is told on
/// standard error how it goes. Asks for control at once. The end of the input stops the program.
/// Runs on: a thread of its own.
class HandDriver {
 public:
  struct Options {
    double top = 1;    ///< the throttle of a key that is held, or a trigger that is pulled through
    bool keys = true;  ///< standard input is a terminal
    std::optional<std::string> gamepad{};  ///< see Gamepad
  };

  HandDriver(DriverControl control, const Options& options, StopSignal& stop);

 private:
  /// What is to move now, and for how long without another word.
  struct Command {
    Axes axes;
    std::chrono::milliseconds hold;
  };

  void run(const std::stop_token& token);
  /// Waits for a moment. False at the end of the input.
  bool readKeys();
  [[nodiscard]] Command command(Time now) const;
  void grant(DriveWish wish);
  void show(const Axes& axes);

  DriverControl control_;
  const double top_;
  const bool hasKeys_;
  DriveKeys keys_;
  std::optional<Gamepad> gamepad_;
  StopSignal& stop_;
  std::string shown_;
  std::jthread thread_;  ///< the last member: it uses the others
};

}  // namespace rtcpub::cli
