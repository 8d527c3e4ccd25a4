#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/control/gate.h"
#include "rtcpub/clock.h"

namespace rtcpub::control {

/// The gate that an old robot lacks, at the server: what a driver commands, as the `motion`
/// messages that such a robot takes. It knows nothing of pictures, and can't tell the robot
/// anything once the path to it is gone. Pure.
///
/// Functions return the messages that are due, in order.
class OldRobot {
 public:
  /// What moves is told anew so often: messages may be lost.
  static constexpr std::chrono::milliseconds kRepeat{500};

  using Messages = std::vector<std::string>;

  OldRobot();

  /// By the server's clock, as all times here.
  [[nodiscard]] Messages onCommand(const Command& command, Time now);
  /// Another one drives, or nobody.
  [[nodiscard]] Messages onLease(std::uint64_t lease, Time now);
  /// The emergency stop, whatever its number is.
  [[nodiscard]] Messages onEmergency(Time now);
  [[nodiscard]] Messages onClear(Time now);

  [[nodiscard]] std::optional<Time> deadline() const;
  [[nodiscard]] Messages onTime(Time now);

 private:
  Messages told(Time now);

  Gate gate_;
  Axes told_;
  Time toldAt_{};
};

}  // namespace rtcpub::control
