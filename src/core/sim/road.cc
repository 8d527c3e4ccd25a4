#include "core/sim/road.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace rtcpub::sim {
namespace {

constexpr double kReach = 12;  // metres along the road in which a place is looked for
constexpr int kPieces = 64;    // between two control points

struct Point {
  double x;
  double y;
};

// Control points of a closed uniform cubic B-spline: its curvature has no jumps.
constexpr std::array<Point, 16> kControl{{{0, -30},
                                          {26, -30},
                                          {46, -27},
                                          {54, -10},
                                          {42, 6},
                                          {22, -2},
                                          {6, 8},
                                          {16, 26},
                                          {2, 42},
                                          {-24, 38},
                                          {-30, 18},
                                          {-22, 2},
                                          {-38, -6},
                                          {-56, -12},
                                          {-52, -29},
                                          {-26, -30}}};

Point splineAt(std::size_t piece, double t) {
  const std::array<double, 4> weights{(1 - t) * (1 - t) * (1 - t) / 6,
                                      (3 * t * t * t - 6 * t * t + 4) / 6,
                                      (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6, t * t * t / 6};
  Point sum{0, 0};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Point& control = kControl[(piece + kControl.size() - 1 + i) % kControl.size()];
    sum.x += weights[i] * control.x;
    sum.y += weights[i] * control.y;
  }
  return sum;
}

std::vector<Point> finePoints() {
  std::vector<Point> points;
  points.reserve(kControl.size() * kPieces);
  for (std::size_t piece = 0; piece < kControl.size(); ++piece) {
    for (int i = 0; i < kPieces; ++i) points.push_back(splineAt(piece, double(i) / kPieces));
  }
  return points;
}

double between(const Point& a, const Point& b) { return std::hypot(b.x - a.x, b.y - a.y); }

}  // namespace

Road::Road() {
  const auto points = finePoints();
  std::vector<double> reached{0};
  for (std::size_t i = 0; i < points.size(); ++i) {
    reached.push_back(reached.back() + between(points[i], points[(i + 1) % points.size()]));
  }
  length_ = reached.back();
  const int count = static_cast<int>(length_);
  spacing_ = length_ / count;
  std::size_t i = 0;
  for (int section = 0; section < count; ++section) {
    const double distance = section * spacing_;
    while (reached[i + 1] < distance) ++i;
    const double part = (distance - reached[i]) / (reached[i + 1] - reached[i]);
    const Point& from = points[i];
    const Point& to = points[(i + 1) % points.size()];
    sections_.push_back({from.x + part * (to.x - from.x), from.y + part * (to.y - from.y)});
  }
  for (int at = 0; at < count; ++at) {
    const Section& before = sections_[wrappedIndex(at - 1)];
    const Section& after = sections_[wrappedIndex(at + 1)];
    sections_[at].heading = std::atan2(after.y - before.y, after.x - before.x);
  }
  for (int at = 0; at < count; ++at) {
    const double turn = std::remainder(
        sections_[wrappedIndex(at + 1)].heading - sections_[wrappedIndex(at - 1)].heading,
        2 * M_PI);
    sections_[at].curvature = turn / (2 * spacing_);
  }
}

int Road::wrappedIndex(int index) const {
  const int count = static_cast<int>(sections_.size());
  return (index % count + count) % count;
}

double Road::wrapped(double distance) const {
  const double rest = std::fmod(distance, length_);
  const double positive = rest < 0 ? rest + length_ : rest;
  return positive < length_ ? positive : 0;
}

Road::Section Road::at(double distance) const {
  const double index = wrapped(distance) / spacing_;
  const int first = static_cast<int>(index);
  const Section& a = sections_[wrappedIndex(first)];
  const Section& b = sections_[wrappedIndex(first + 1)];
  const double part = index - first;
  return {a.x + part * (b.x - a.x), a.y + part * (b.y - a.y),
          a.heading + part * std::remainder(b.heading - a.heading, 2 * M_PI),
          a.curvature + part * (b.curvature - a.curvature)};
}

Road::Place Road::locate(double x, double y, double near) const {
  const int middle = static_cast<int>(std::lround(wrapped(near) / spacing_));
  const int reach = static_cast<int>(kReach / spacing_);
  int closest = middle;
  double least = std::numeric_limits<double>::infinity();
  for (int i = middle - reach; i <= middle + reach; ++i) {
    const Section& section = sections_[wrappedIndex(i)];
    const double gap = std::hypot(x - section.x, y - section.y);
    if (gap < least) {
      least = gap;
      closest = i;
    }
  }
  const Section& section = sections_[wrappedIndex(closest)];
  const double along =
      std::cos(section.heading) * (x - section.x) + std::sin(section.heading) * (y - section.y);
  const double left =
      std::cos(section.heading) * (y - section.y) - std::sin(section.heading) * (x - section.x);
  return {wrapped(closest * spacing_ + along), left};
}

double Road::gap(double x, double y) const {
  double least = std::numeric_limits<double>::infinity();
  for (const Section& section : sections_) {
    least = std::min(least, std::hypot(x - section.x, y - section.y));
  }
  return least;
}

Ground Road::groundAt(const Place& place) const {
  const double offset = std::abs(place.offset);
  if (offset <= kHalfWidth) return Ground::kAsphalt;
  if (offset <= kHalfWidth + kKerbWidth && at(place.distance).bends()) return Ground::kKerb;
  return Ground::kGrass;
}

}  // namespace rtcpub::sim
