#include "core/sim/canvas.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace rtcpub::sim {
namespace {

constexpr int kBlack = 16;  // of luma
constexpr int kGrey = 128;  // of chroma

/// Luma has every pixel, chroma every other one.
constexpr std::array<double, 3> kScale{1, 0.5, 0.5};

int bounded(double value, int most) {
  return static_cast<int>(std::clamp(value, 0.0, double(most)));
}

void blend(std::uint8_t& sample, std::uint8_t value, double share) {
  sample = blended(sample, value, share);
}

/// Samples of a row from `left` to `right`; those that are covered in part get their part.
void span(const CanvasPlane& plane, int y, double left, double right, std::uint8_t value) {
  left = std::max(left, 0.0);
  right = std::min(right, double(plane.width));
  if (left >= right) return;
  std::uint8_t* const row = plane.row(y);
  const int first = static_cast<int>(left);
  const int last = static_cast<int>(right);  // not covered as a whole
  if (first == last) return blend(row[first], value, right - left);
  const int whole = left > first ? first + 1 : first;
  if (whole > first) blend(row[first], value, whole - left);
  std::memset(row + whole, value, last - whole);
  if (right > last) blend(row[last], value, right - last);
}

/// Where a side crosses the middles of rows. Its ends are sorted, so that polygons that share it
/// reckon alike.
struct Side {
  double top = 0;
  double bottom = 0;
  double x = 0;      // at the top
  double slope = 0;  // x a row
  bool smooth = true;

  Side() = default;
  Side(const Corner& a, const Corner& b, double scale) : smooth(a.smooth) {
    const bool down = a.y < b.y || (a.y == b.y && a.x < b.x);
    const Corner& from = down ? a : b;
    const Corner& to = down ? b : a;
    top = from.y * scale;
    bottom = to.y * scale;
    x = from.x * scale;
    slope = bottom > top ? (to.x - from.x) * scale / (bottom - top) : 0;
  }
  [[nodiscard]] bool crosses(double y) const { return top <= y && y < bottom; }
  [[nodiscard]] double at(double y) const {
    const double place = x + (y - top) * slope;
    return smooth ? place : std::floor(place + 0.5);
  }
};

class Sides {
 public:
  Sides(std::span<const Corner> corners, double scale) {
    assert(corners.size() <= kMaxCorners);
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const Side side(corners[i], corners[(i + 1) % corners.size()], scale);
      if (side.bottom <= side.top) continue;
      top_ = std::min(top_, side.top);
      bottom_ = std::max(bottom_, side.bottom);
      sides_[count_++] = side;
    }
  }
  void fill(const CanvasPlane& plane, std::uint8_t value) const {
    if (count_ < 2) return;
    const int last = bounded(std::ceil(bottom_ - 0.5), plane.height);
    for (int row = bounded(std::ceil(top_ - 0.5), plane.height); row < last; ++row) {
      fillRow(plane, row, value);
    }
  }

 private:
  void fillRow(const CanvasPlane& plane, int row, std::uint8_t value) const {
    double left = 1e9;
    double right = -1e9;
    for (std::size_t i = 0; i < count_; ++i) {
      if (!sides_[i].crosses(row + 0.5)) continue;
      const double x = sides_[i].at(row + 0.5);
      left = std::min(left, x);
      right = std::max(right, x);
    }
    span(plane, row, left, right, value);
  }

  std::array<Side, kMaxCorners> sides_;
  std::size_t count_ = 0;
  double top_ = 1e9;
  double bottom_ = -1e9;
};

void fillDisc(const CanvasPlane& plane, double x, double y, double radiusX, double radiusY,
              std::uint8_t value) {
  const int last = bounded(std::ceil(y + radiusY - 0.5), plane.height);
  for (int row = bounded(std::ceil(y - radiusY - 0.5), plane.height); row < last; ++row) {
    const double part = (row + 0.5 - y) / radiusY;
    const double half = radiusX * std::sqrt(std::max(0.0, 1 - part * part));
    span(plane, row, x - half, x + half, value);
  }
}

std::array<std::uint8_t, 3> values(const Color& color) { return {color.y, color.u, color.v}; }

}  // namespace

Canvas Canvas::upper(int height) const {
  Canvas part = *this;
  part.height_ = std::min(height_, height);
  part.planes_[0].height = part.height_;
  part.planes_[1].height = part.planes_[2].height = part.height_ / 2;
  return part;
}

void Canvas::rect(int x, int y, int width, int height, const Color& color) {
  const auto samples = values(color);
  for (std::size_t i = 0; i < planes_.size(); ++i) {
    const auto& plane = planes_[i];
    const auto place = [i](int at) { return at * kScale[i]; };
    const int last = bounded(std::ceil(place(y + height)), plane.height);
    const int left = bounded(std::floor(place(x)), plane.width);
    const int right = bounded(std::ceil(place(x + width)), plane.width);
    if (right <= left) continue;
    for (int row = bounded(std::floor(place(y)), plane.height); row < last; ++row) {
      std::memset(plane.row(row) + left, samples[i], right - left);
    }
  }
}

void Canvas::convex(std::span<const Corner> corners, const Color& color) {
  const auto samples = values(color);
  Sides(corners, 1).fill(planes_[0], samples[0]);
  const Sides halved(corners, 0.5);
  halved.fill(planes_[1], samples[1]);
  halved.fill(planes_[2], samples[2]);
}

void Canvas::disc(double x, double y, double radiusX, double radiusY, const Color& color) {
  if (radiusX <= 0 || radiusY <= 0) return;
  const auto samples = values(color);
  for (std::size_t i = 0; i < planes_.size(); ++i) {
    const double scale = kScale[i];
    fillDisc(planes_[i], x * scale, y * scale, radiusX * scale, radiusY * scale, samples[i]);
  }
}

void Canvas::shade(int x, int y, int width, int height, double share) {
  const int part = static_cast<int>(share * 256);
  for (std::size_t i = 0; i < planes_.size(); ++i) {
    const int floor = i == 0 ? kBlack : kGrey;
    const auto at = [i](int place) { return static_cast<int>(place * kScale[i]); };
    const int last = bounded(at(y + height), planes_[i].height);
    const int right = bounded(at(x + width), planes_[i].width);
    for (int row = bounded(at(y), planes_[i].height); row < last; ++row) {
      std::uint8_t* const samples = planes_[i].row(row);
      for (int column = bounded(at(x), planes_[i].width); column < right; ++column) {
        samples[column] = static_cast<std::uint8_t>(floor + (samples[column] - floor) * part / 256);
      }
    }
  }
}

}  // namespace rtcpub::sim
