#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "cli/drive_keys.h"
#include "rtcpub/control.h"

namespace rtcpub::cli {

/// What a gamepad's events mean, as Linux tells them (Documentation/input/gamepad.rst): the left
/// stick steers; the right trigger drives forward and the left one back, or the left stick does
/// where there are no analog triggers. Start takes control, select releases it, the right-hand
/// button (east) is the emergency stop. Pure, one thread.
class PadAxes {
 public:
  static constexpr double kDeadZone = 0.12;

  /// What an axis can be; one that isn't told of isn't there.
  struct Range {
    int least = 0;
    int most = 0;
    int value = 0;  ///< now
  };

  PadAxes();
  /// Of the axis `code` (ABS_X …).
  void setRange(std::uint16_t code, const Range& range);
  /// A key or an axis: `type`, `code` and `value` of an input_event. What is wanted besides.
  std::optional<DriveWish> onEvent(std::uint16_t type, std::uint16_t code, std::int32_t value);
  /// What holds now; `top`: the throttle of a trigger that is pulled through.
  [[nodiscard]] Axes axes(double top) const;

 private:
  static constexpr std::size_t kAxes = 64;

  [[nodiscard]] bool has(std::uint16_t code) const;
  /// -1 to 1, without the dead zone; 0 for one that isn't there.
  [[nodiscard]] double stick(std::uint16_t code) const;
  /// 0 to 1, likewise.
  [[nodiscard]] double trigger(std::uint16_t code) const;
  [[nodiscard]] double throttle() const;

  std::array<Range, kAxes> ranges_{};
};

}  // namespace rtcpub::cli
