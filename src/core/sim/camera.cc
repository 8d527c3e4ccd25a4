#include "core/sim/camera.h"

#include <cassert>
#include <utility>
#include <vector>

namespace rtcpub::sim {
namespace {

/// Where a side meets the near plane.
Seen atNear(const Seen& a, const Seen& b) {
  const double part = (Camera::kNear - a.depth) / (b.depth - a.depth);
  return {a.right + part * (b.right - a.right), Camera::kNear,
          a.height + part * (b.height - a.height)};
}

/// Whether c lies to the left of the way from a to b, or on it.
bool turnsLeft(const Corner& a, const Corner& b, const Corner& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) <= 0;
}

}  // namespace

void drawQuad(Canvas& canvas, const Camera& camera, const std::array<Seen, 4>& corners,
              const Color& color) {
  std::array<Corner, 8> shown;
  std::size_t count = 0;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Seen& from = corners[i];
    const Seen& to = corners[(i + 1) % corners.size()];
    const bool smooth = i % 2 == 0;
    const bool fromIn = from.depth >= Camera::kNear;
    const bool toIn = to.depth >= Camera::kNear;
    if (fromIn) shown[count++] = camera.project(from, smooth);
    if (fromIn != toIn) shown[count++] = camera.project(atNear(from, to), smooth);
  }
  if (count >= 3) canvas.convex(std::span(shown).first(count), color);
}

void drawHull(Canvas& canvas, const Camera& camera, std::span<const Seen> points,
              const Color& color) {
  assert(!points.empty() && points.size() <= 8);
  std::vector<Corner> sorted;
  sorted.reserve(points.size());
  for (const Seen& point : points) sorted.push_back(camera.project(point));
  std::ranges::sort(sorted, {}, [](const Corner& corner) { return std::pair(corner.x, corner.y); });
  // From the left to the right along one side, and back along the other (Andrew's algorithm).
  std::array<Corner, 17> hull;
  std::size_t count = 0;
  const auto add = [&](const Corner& corner, std::size_t least) {
    while (count >= least && turnsLeft(hull[count - 2], hull[count - 1], corner)) --count;
    hull[count++] = corner;
  };
  for (const Corner& corner : sorted) add(corner, 2);
  const std::size_t there = count + 1;
  for (std::size_t i = sorted.size() - 1; i > 0; --i) add(sorted[i - 1], there);
  canvas.convex(std::span(hull).first(count - 1), color);
}

}  // namespace rtcpub::sim
