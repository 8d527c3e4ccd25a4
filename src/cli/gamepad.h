#pragma once

#include <linux/input.h>

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/pad_axes.h"
#include "rtcpub/clock.h"
#include "rtcpub/result.h"

namespace rtcpub::cli {

/// Whether this can be a gamepad: "any", or a device that is there, or one that may come to
/// /dev/input when it is plugged in. Errors: kNotFound.
Result<void> checkGamepad(const std::string& device);

/// A gamepad of Linux's (evdev), looked for each second while there is none. One that is gone is
/// neutral. One thread.
class Gamepad {
 public:
  /// `device`: as /dev/input/event5; "any": the first gamepad that there is.
  explicit Gamepad(std::string device) : device_(std::move(device)) {}
  ~Gamepad() { close(); }
  Gamepad(const Gamepad&) = delete;
  Gamepad& operator=(const Gamepad&) = delete;

  /// Takes what it has told, and looks for it when it is time. What is wanted besides moving.
  std::vector<DriveWish> read(Time now);
  [[nodiscard]] Axes axes(double top) const { return pad_ ? pad_->axes(top) : Axes(); }
  /// Whether there is one.
  [[nodiscard]] bool present() const { return pad_.has_value(); }

 private:
  void take(std::span<const input_event> events, std::vector<DriveWish>& wishes);
  void look(Time now);
  /// Whether it can be read, and is a gamepad if nobody has named it.
  bool open(const std::string& path);
  void close();
  void readRanges();

  const std::string device_;
  std::optional<Time> looked_;
  std::string trouble_;  ///< that was told last
  int descriptor_ = -1;
  std::optional<PadAxes> pad_;
};

}  // namespace rtcpub::cli
