#pragma once

#include <cstdint>
#include <optional>

#include "core/sim/canvas.h"

/// The simulated car's marker (docs/stamp.md): what the car was told, in the picture's own pixels.
namespace rtcpub::sim::marker {

inline constexpr int kWidth = 320;  ///< luma pixels, at the bottom left
inline constexpr int kHeight = 16;

struct Marker {
  int steering = 0;  ///< -127 (left) to 127 (right)
  int throttle = 0;  ///< -127 (back) to 127 (forward)
  int speed = 0;     ///< decimetres a second, -127 to 127; below 0: backwards
  friend bool operator==(const Marker&, const Marker&) = default;
};

/// -1 to 1 as a marker has it.
[[nodiscard]] int level(double axis);

/// Draws into a picture of at least kWidth x kHeight.
void draw(Canvas& canvas, const Marker& marker);

/// Reads from a luma plane that shows a picture of nominal width `nominalWidth`, as it was drawn or
/// scaled.
std::optional<Marker> read(const std::uint8_t* luma, int stride, int width, int height,
                           int nominalWidth);

}  // namespace rtcpub::sim::marker
