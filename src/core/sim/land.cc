#include "core/sim/land.h"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace rtcpub::sim {
namespace {

constexpr Color kZenith = rgb(84, 146, 214);
constexpr Color kSkyLow = rgb(206, 224, 234);
constexpr Color kCloud = rgb(240, 244, 248);
constexpr Color kFarHills = rgb(136, 164, 176);
constexpr Color kNearHills = rgb(104, 140, 112);
constexpr Color kGrass = rgb(92, 142, 66);

constexpr int kAzimuths = 2048;
constexpr double kSquare = 8;    // metres of mown grass
constexpr double kContrast = 6;  // of luma, between squares
constexpr double kMownFar = 70;  // metres: there the squares are too small to be seen

struct Cloud {
  double azimuth;  ///< radians
  double rise;     ///< height over distance
  double size;     ///< likewise
};
constexpr std::array<Cloud, 7> kClouds{{{0.3, 0.24, 0.05},
                                        {1.1, 0.19, 0.035},
                                        {1.9, 0.26, 0.06},
                                        {2.9, 0.20, 0.045},
                                        {3.8, 0.23, 0.04},
                                        {4.7, 0.18, 0.05},
                                        {5.6, 0.25, 0.045}}};

/// Sines that fit round the horizon.
template <class Rise>
std::vector<double> allAround(Rise rise) {
  std::vector<double> rises;
  rises.reserve(kAzimuths);
  for (int i = 0; i < kAzimuths; ++i) rises.push_back(rise(2 * M_PI * i / kAzimuths));
  return rises;
}

void fillRow(const CanvasPlane& plane, int row, std::uint8_t value) {
  std::memset(plane.row(row), value, plane.width);
}

/// Two rows of luma and one of chroma.
void fillRows(const Canvas& canvas, int row, const Color& color) {
  fillRow(canvas.y(), row, color.y);
  if (row % 2 != 0) return;
  fillRow(canvas.u(), row / 2, color.u);
  fillRow(canvas.v(), row / 2, color.v);
}

/// One plane of a range of hills; `tops` are rows of luma, by column of luma.
void fillBelow(const CanvasPlane& plane, const std::vector<double>& tops, int scale, int bottom,
               std::uint8_t value) {
  double highest = bottom;
  for (const double top : tops) highest = std::min(highest, top);
  for (int row = std::max(0, static_cast<int>(highest / scale)); row < bottom / scale; ++row) {
    std::uint8_t* const samples = plane.row(row);
    for (int column = 0; column < plane.width; ++column) {
      const double covered = row + 1 - tops[std::size_t(column) * scale] / scale;
      if (covered <= 0) continue;
      samples[column] = blended(samples[column], value, std::min(covered, 1.0));
    }
  }
}

}  // namespace

Land::Land(int width, int height) : tops_(width) {
  const Camera camera(width, height, {});
  for (int column = 0; column < width; ++column) {
    angles_.push_back(std::atan((column + 0.5 - camera.centre()) / camera.focal()));
  }
  ranges_.push_back({kFarHills, allAround([](double a) {
                       return 0.040 + 0.018 * std::sin(3 * a + 1) + 0.010 * std::sin(8 * a) +
                              0.004 * std::sin(21 * a + 2);
                     })});
  ranges_.push_back({kNearHills, allAround([](double a) {
                       return 0.016 + 0.008 * std::sin(5 * a + 2) + 0.004 * std::sin(17 * a + 1);
                     })});
}

void Land::draw(Canvas& canvas, const Camera& camera, double heading) {
  drawSky(canvas, camera);
  drawClouds(canvas, camera, heading);
  for (const Range& range : ranges_) drawRange(canvas, camera, heading, range);
  drawGrass(canvas, camera);
}

void Land::drawSky(Canvas& canvas, const Camera& camera) const {
  const int horizon = static_cast<int>(camera.horizon());
  for (int row = 0; row < horizon; ++row) {
    fillRows(canvas, row, mixed(kZenith, kSkyLow, double(row) / horizon));
  }
}

void Land::drawClouds(Canvas& canvas, const Camera& camera, double heading) const {
  Canvas sky = canvas.upper(static_cast<int>(camera.horizon()) / 2 * 2);
  for (const Cloud& cloud : kClouds) {
    const double angle = std::remainder(heading - cloud.azimuth, 2 * M_PI);
    if (std::abs(angle) > 1.2) continue;
    const double x = camera.centre() + camera.focal() * std::tan(angle);
    const double y = camera.horizon() - camera.focal() * cloud.rise;
    const double size = camera.focal() * cloud.size;
    sky.disc(x - 0.9 * size, y, size, 0.30 * size, kCloud);
    sky.disc(x + 0.8 * size, y + 0.05 * size, 1.1 * size, 0.32 * size, kCloud);
    sky.disc(x, y - 0.2 * size, 0.9 * size, 0.42 * size, kCloud);
  }
}

void Land::drawRange(Canvas& canvas, const Camera& camera, double heading, const Range& range) {
  constexpr double kPerRadian = kAzimuths / (2 * M_PI);
  for (std::size_t column = 0; column < tops_.size(); ++column) {
    const double place = (heading - angles_[column]) * kPerRadian + 2.0 * kAzimuths;
    const auto first = static_cast<std::size_t>(place);
    const double part = place - double(first);
    const double rise =
        range.rises[first % kAzimuths] * (1 - part) + range.rises[(first + 1) % kAzimuths] * part;
    tops_[column] = camera.horizon() - camera.focal() * rise;
  }
  const int horizon = static_cast<int>(camera.horizon());
  fillBelow(canvas.y(), tops_, 1, horizon, range.color.y);
  fillBelow(canvas.u(), tops_, 2, horizon, range.color.u);
  fillBelow(canvas.v(), tops_, 2, horizon, range.color.v);
}

void Land::drawGrass(Canvas& canvas, const Camera& camera) {
  constexpr double kFixed = 65536 / kSquare;  // squares, with 16 bits behind the point
  for (int row = static_cast<int>(camera.horizon()); row < canvas.height(); ++row) {
    const double depth = Camera::kHeight * camera.focal() / (row + 0.5 - camera.horizon());
    const Color color = hazed(kGrass, depth);
    fillRows(canvas, row, color);
    if (depth > kMownFar) continue;
    const double contrast = kContrast * (1 - depth / kMownFar);
    const std::array<std::uint8_t, 2> shades{static_cast<std::uint8_t>(color.y - contrast),
                                             static_cast<std::uint8_t>(color.y + contrast)};
    const double metres = depth / camera.focal();  // a pixel
    const double left = (0.5 - camera.centre()) * metres;
    const double x = camera.x() + depth * camera.cosine() + left * camera.sine();
    const double y = camera.y() + depth * camera.sine() - left * camera.cosine();
    auto squareX = static_cast<std::int32_t>(x * kFixed);
    auto squareY = static_cast<std::int32_t>(y * kFixed);
    const auto stepX = static_cast<std::int32_t>(camera.sine() * metres * kFixed);
    const auto stepY = static_cast<std::int32_t>(-camera.cosine() * metres * kFixed);
    std::uint8_t* const samples = canvas.y().row(row);
    for (int column = 0; column < canvas.width(); ++column) {
      samples[column] = shades[(squareX ^ squareY) >> 16 & 1];
      squareX += stepX;
      squareY += stepY;
    }
  }
}

}  // namespace rtcpub::sim
