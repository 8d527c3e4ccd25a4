#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "core/sim/canvas.h"
#include "core/sim/car_model.h"

namespace rtcpub::sim {

/// A point as the camera has it: metres to its right, in front of it, and above the ground.
struct Seen {
  double right = 0;
  double depth = 0;
  double height = 0;
};

/// What looks over the car's nose: 1.5 m behind its rear axle, 1.4 m above the ground, level. Pure.
class Camera {
 public:
  static constexpr double kHeight = 1.4;
  static constexpr double kBehind = 1.5;
  static constexpr double kNear = 0.5;  ///< metres: what is nearer isn't drawn
  static constexpr double kFar = 200;   ///< metres: what is farther isn't, either

  /// For a picture of `width` and `height` pixels.
  Camera(int width, int height, const Motion& car)
      : centre_(width / 2.0),
        horizon_(std::floor(height * 0.37)),
        focal_(width * 0.6),
        cos_(std::cos(car.heading)),
        sin_(std::sin(car.heading)),
        x_(car.x - kBehind * cos_),
        y_(car.y - kBehind * sin_) {}

  /// A point of the ground.
  [[nodiscard]] Seen see(double x, double y) const {
    const Seen direction = turn(x - x_, y - y_);
    return {direction.right, direction.depth, 0};
  }
  /// Likewise, a direction.
  [[nodiscard]] Seen turn(double x, double y) const {
    return {x * sin_ - y * cos_, x * cos_ + y * sin_, 0};
  }
  /// Its depth is above 0.
  [[nodiscard]] Corner project(const Seen& point, bool smooth = true) const {
    const double scale = focal_ / point.depth;
    return {centre_ + point.right * scale, horizon_ + (kHeight - point.height) * scale, smooth};
  }
  /// Whether something of such a radius is in the picture.
  [[nodiscard]] bool sees(const Seen& point, double radius) const {
    if (point.depth + radius < kNear || point.depth - radius > kFar) return false;
    return std::abs(point.right) - radius < (point.depth + radius) * centre_ / focal_;
  }

  [[nodiscard]] double x() const { return x_; }
  [[nodiscard]] double y() const { return y_; }
  [[nodiscard]] double centre() const { return centre_; }
  [[nodiscard]] double horizon() const { return horizon_; }
  [[nodiscard]] double focal() const { return focal_; }
  [[nodiscard]] double cosine() const { return cos_; }
  [[nodiscard]] double sine() const { return sin_; }

 private:
  double centre_;
  double horizon_;  // the row of the horizon
  double focal_;    // pixels
  double cos_;
  double sin_;
  double x_;
  double y_;
};

/// Of what is far as much is air.
[[nodiscard]] inline Color hazed(const Color& color, double depth) {
  constexpr Color kHaze = rgb(186, 205, 215);
  return mixed(color, kHaze, std::clamp(depth / 260, 0.0, 0.75));
}

/// Draws four corners of a plane in the world, in order, as far as they are in front of the camera.
/// The sides from the first to the second corner and from the third to the fourth are smoothed.
void drawQuad(Canvas& canvas, const Camera& camera, const std::array<Seen, 4>& corners,
              const Color& color);

/// Draws the outline of up to eight points, all in front of the camera.
void drawHull(Canvas& canvas, const Camera& camera, std::span<const Seen> points,
              const Color& color);

}  // namespace rtcpub::sim
