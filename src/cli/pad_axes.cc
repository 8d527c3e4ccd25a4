#include "cli/pad_axes.h"

#include <linux/input-event-codes.h>

#include <algorithm>
#include <cmath>

namespace rtcpub::cli {
namespace {

double withoutDeadZone(double value) {
  const double size =
      (std::min(1.0, std::abs(value)) - PadAxes::kDeadZone) / (1 - PadAxes::kDeadZone);
  return size > 0 ? std::copysign(size, value) : 0;
}

}  // namespace

PadAxes::PadAxes() { static_assert(ABS_CNT == kAxes); }

void PadAxes::setRange(std::uint16_t code, const Range& range) {
  if (code < kAxes) ranges_[code] = range;
}

std::optional<DriveWish> PadAxes::onEvent(std::uint16_t type, std::uint16_t code,
                                          std::int32_t value) {
  if (type == EV_ABS && code < kAxes) ranges_[code].value = value;
  if (type != EV_KEY || value != 1) return std::nullopt;  // let go, or repeated
  switch (code) {
    case BTN_START:
      return DriveWish::kTake;
    case BTN_SELECT:
      return DriveWish::kRelease;
    case BTN_EAST:
      return DriveWish::kEmergency;
    default:
      return std::nullopt;
  }
}

bool PadAxes::has(std::uint16_t code) const { return ranges_[code].most > ranges_[code].least; }

double PadAxes::stick(std::uint16_t code) const {
  if (!has(code)) return 0;
  const auto& [least, most, value] = ranges_[code];
  const double middle = (static_cast<double>(least) + most) / 2;
  return withoutDeadZone((value - middle) / (most - middle));
}

double PadAxes::trigger(std::uint16_t code) const {
  if (!has(code)) return 0;
  const auto& [least, most, value] = ranges_[code];
  const double pulled = (static_cast<double>(value) - least) / (static_cast<double>(most) - least);
  return withoutDeadZone(std::clamp(pulled, 0.0, 1.0));
}

/// Z and RZ are the triggers of a pad whose right stick is RX and RY; else they are that stick.
double PadAxes::throttle() const {
  if (has(ABS_GAS) && has(ABS_BRAKE)) return trigger(ABS_GAS) - trigger(ABS_BRAKE);
  if (has(ABS_RX) && has(ABS_RY) && has(ABS_Z) && has(ABS_RZ)) {
    return trigger(ABS_RZ) - trigger(ABS_Z);
  }
  return -stick(ABS_Y);  // up is negative
}

Axes PadAxes::axes(double top) const {
  Axes axes;
  if (const double steering = stick(ABS_X); steering != 0) axes[kSteering] = steering;
  if (const double forward = throttle(); forward != 0) axes[kThrottle] = forward * top;
  return axes;
}

}  // namespace rtcpub::cli
