#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/clock.h"
#include "rtcpub/control.h"

namespace rtcpub::cli {

/// What somebody at a keyboard or gamepad wants besides moving.
enum class DriveWish { kTake, kTakeOver, kRelease, kGive, kKeep, kEmergency, kClear };

/// What is typed in a terminal, as a driver's axes. Terminals say which key was pressed, and again
/// while it is the last one that is held, but never that it was let go: so a key counts for
/// kHold, and then it is neutral. Pure, one thread.
class DriveKeys {
 public:
  static constexpr std::chrono::milliseconds kHold{150};

  /// `top`: the throttle of a key that is held, 0 to 1.
  explicit DriveKeys(double top) : top_(top) {}

  /// Takes what was read. What is wanted besides, in order.
  std::vector<DriveWish> feed(std::string_view bytes, Time now);
  /// What holds now; empty: neutral.
  [[nodiscard]] Axes axes(Time now) const;
  /// Until when that holds, if it is anything.
  [[nodiscard]] std::optional<Time> until() const { return until_; }

 private:
  struct Direction {
    double steering = 0;
    double throttle = 0;
  };

  void take(char key, Time now, std::vector<DriveWish>& wishes);
  /// Of an arrow: the last byte of `ESC [ A` or `ESC O A`.
  void takeArrow(char last, Time now);
  void hold(Direction direction, Time now);

  double top_;
  std::string escape_;  ///< a sequence that has begun
  Direction held_;
  std::optional<Time> until_;
};

/// The keys, for people.
inline constexpr const char* kKeysHelp =
    "arrows or w a s d drive, q e z c too, at an angle; space: neutral; t take control, T take it "
    "over, r release it; y n answer who asks for it; x emergency stop, X end it";

}  // namespace rtcpub::cli
