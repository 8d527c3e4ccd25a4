#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/car/line.h"
#include "core/car/pulses.h"
#include "rtcpub/clock.h"

namespace rtcpub::car {

/// What the motors are to do.
struct Position {
  double steering = 0;  ///< -1 to 1
  double throttle = 0;  ///< -1 to 1
  bool neutral = true;
  std::string reason;           ///< why it is neutral; empty: the driver says so
  std::optional<Time> until{};  ///< so long it holds, where that is known; neutral: for ever

  /// For how long it holds makes no other one of it.
  friend bool operator==(const Position& one, const Position& other) {
    return one.steering == other.steering && one.throttle == other.throttle &&
           one.neutral == other.neutral && one.reason == other.reason;
  }
};

/// Makes of lines and time what the motors are to do: neutral when nothing holds any more, a ramp
/// where it is to be one, never beyond the ends.
///
/// After a stop that nobody ordered nothing moves before there was a neutral line, whatever else is
/// said: who drives must have seen it.
///
/// Pure: onTime() first, at deadline() or before; the time never goes back.
class Helm {
 public:
  /// So long after the last line: neutral.
  static constexpr std::chrono::milliseconds kSilence{200};
  /// How the throttle falls while commands are missing, by its whole range a second: none is left
  /// after 200 ms.
  static constexpr double kSlowDown = 5;
  /// How often a ramp takes a step.
  static constexpr std::chrono::milliseconds kStep{20};

  struct Options {
    PwmOptions pwm;  ///< `maxSpeed` is reckoned by it
    /// How fast the throttle may move away from 0, by its whole range a second; 0: at once. It is
    /// taken back at once in any case.
    double ramp = 0;
  };

  explicit Helm(const Options& options) : options_(options), maxSpeed_(fullMaxSpeed(options.pwm)) {}

  void onDrive(const Drive& drive, Time now);
  void onNeutral(const Neutral& neutral, Time now);
  /// The confirmation for viewers: what holds now. One that would leave no speed changes nothing.
  Metric onMaxSpeed(const MaxSpeed& speed);
  /// Something is wrong: neutral, until there was a neutral line.
  void stop(std::string_view reason);
  void onTime(Time now);

  [[nodiscard]] const Position& position() const { return position_; }
  /// Until when the position holds; then neutral. Nothing: it is neutral.
  [[nodiscard]] std::optional<Time> until() const;
  /// When onTime() is due at the latest.
  [[nodiscard]] std::optional<Time> deadline() const;
  /// Whether motors may have power: somebody drives, though perhaps by neutral.
  [[nodiscard]] bool allowed() const { return allowed_; }

 private:
  void hear(Time now);
  void settle(std::string_view reason);
  void moveThrottle(Time now);

  const Options options_;
  Position position_{.reason = "starting"};
  std::optional<Drive> drive_;  ///< in force
  Time lineAt_{};               ///< of the last line that says what to do
  bool heard_ = false;          ///< lines come
  Time movedAt_{};              ///< when the throttle was moved last
  bool wantsNeutral_ = true;    ///< before anything moves
  bool allowed_ = false;
  bool ramping_ = false;
  int maxSpeed_;
  double share_ = 1;  ///< of the throttle, by maxSpeed_
};

}  // namespace rtcpub::car
