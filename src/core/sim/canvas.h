#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace rtcpub::sim {

/// A colour as video has it: BT.601, luma 16 to 235.
struct Color {
  std::uint8_t y = 16;
  std::uint8_t u = 128;
  std::uint8_t v = 128;
};

/// Red, green and blue from 0 to 255.
[[nodiscard]] constexpr Color rgb(int r, int g, int b) {
  return {static_cast<std::uint8_t>(16 + ((66 * r + 129 * g + 25 * b + 128) >> 8)),
          static_cast<std::uint8_t>(128 + ((-38 * r - 74 * g + 112 * b + 128) >> 8)),
          static_cast<std::uint8_t>(128 + ((112 * r - 94 * g - 18 * b + 128) >> 8))};
}

/// What is `share` (0 to 1) of the way from `from` to `to`.
[[nodiscard]] constexpr std::uint8_t blended(std::uint8_t from, std::uint8_t to, double share) {
  constexpr int kWhole = 256;
  const int part = static_cast<int>(share * kWhole);
  return static_cast<std::uint8_t>((from * (kWhole - part) + to * part + kWhole / 2) / kWhole);
}

/// Likewise, of colours.
[[nodiscard]] constexpr Color mixed(const Color& a, const Color& b, double share) {
  return {blended(a.y, b.y, share), blended(a.u, b.u, share), blended(a.v, b.v, share)};
}

/// A corner of a polygon, in luma pixels.
struct Corner {
  double x = 0;
  double y = 0;
  /// Whether the side to the next corner is smoothed. Sides that polygons share are not: there
  /// would be a seam.
  bool smooth = true;
};

/// One plane of samples.
struct CanvasPlane {
  std::uint8_t* data = nullptr;
  int stride = 0;  ///< bytes
  int width = 0;   ///< samples
  int height = 0;  ///< samples

  [[nodiscard]] std::uint8_t* row(int y) const {
    return data + static_cast<std::ptrdiff_t>(y) * stride;
  }
};

/// The most corners of a polygon.
inline constexpr std::size_t kMaxCorners = 12;

/// Draws shapes into an I420 picture; what lies outside is left out. Pure.
class Canvas {
 public:
  /// Both sides are even; the planes belong to the caller.
  Canvas(int width, int height, const std::array<CanvasPlane, 3>& planes)
      : width_(width), height_(height), planes_(planes) {}

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] const CanvasPlane& y() const { return planes_[0]; }
  [[nodiscard]] const CanvasPlane& u() const { return planes_[1]; }
  [[nodiscard]] const CanvasPlane& v() const { return planes_[2]; }
  /// The upper `height` rows (even) alone.
  [[nodiscard]] Canvas upper(int height) const;

  void rect(int x, int y, int width, int height, const Color& color);
  /// A convex polygon of up to kMaxCorners.
  void convex(std::span<const Corner> corners, const Color& color);
  /// An upright ellipse.
  void disc(double x, double y, double radiusX, double radiusY, const Color& color);
  /// Makes what is there darker: `share` (0 to 1) of it stays, above black.
  void shade(int x, int y, int width, int height, double share);

 private:
  int width_;
  int height_;
  std::array<CanvasPlane, 3> planes_;
};

}  // namespace rtcpub::sim
