#include "core/sim/scenery.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace rtcpub::sim {
namespace {

constexpr Color kTrunk = rgb(86, 64, 44);
constexpr Color kConiferDark = rgb(34, 82, 52);
constexpr Color kConiferLight = rgb(52, 106, 62);
constexpr Color kLeafDark = rgb(54, 104, 40);
constexpr Color kLeafLight = rgb(86, 138, 54);
constexpr Color kPost = rgb(190, 192, 196);
constexpr Color kBanner = rgb(28, 60, 140);
constexpr Color kWhite = rgb(236, 236, 236);

constexpr double kTreeGap = Road::kVerge + 1.5;  // metres from the road's middle, at least
constexpr int kTreeSpacing = 4;                  // metres along the road
constexpr double kGantryHalf = 5.2;              // metres from the middle to a post
constexpr double kGantryTop = 5.2;               // metres
constexpr double kGantryBottom = 4;              // metres

/// A number from 0 to 1 that depends on two others only, and looks like chance.
double chance(std::uint32_t seed, std::uint32_t salt) {
  std::uint32_t h = seed * 2654435761U + salt * 40503U;
  h ^= h >> 15;
  h *= 2246822519U;
  h ^= h >> 13;
  h *= 3266489917U;
  h ^= h >> 16;
  return h / 4294967296.0;
}

Seen above(const Seen& place, double right, double height) {
  return {place.right + right, place.depth, height};
}

/// An upright triangle that faces the camera.
void drawTriangle(Canvas& canvas, const Camera& camera, const Seen& base, double halfWidth,
                  double bottom, double top, const Color& color) {
  const std::array<Corner, 3> corners{camera.project(above(base, -halfWidth, bottom)),
                                      camera.project(above(base, 0, top)),
                                      camera.project(above(base, halfWidth, bottom))};
  canvas.convex(corners, color);
}

void drawTrunk(Canvas& canvas, const Camera& camera, const Seen& base, double height) {
  drawQuad(canvas, camera,
           {above(base, -0.16, 0), above(base, -0.16, height), above(base, 0.16, height),
            above(base, 0.16, 0)},
           hazed(kTrunk, base.depth));
}

void drawCrown(Canvas& canvas, const Camera& camera, const Seen& middle, double radius,
               const Color& color) {
  const Corner centre = camera.project(middle);
  const double pixels = radius * camera.focal() / middle.depth;
  canvas.disc(centre.x, centre.y, pixels, pixels, hazed(color, middle.depth));
}

}  // namespace

Scenery::Scenery(const Road& road) : line_(road.sections().front()) {
  const int count = static_cast<int>(road.length()) / kTreeSpacing;
  for (int i = 0; i < 2 * count; ++i) {
    const auto seed = static_cast<std::uint32_t>(i);
    const int place = i / 2;  // one on either side
    const auto section = road.at((place + chance(seed, 1)) * kTreeSpacing);
    const double side = (i % 2 == 0 ? 1 : -1) * (kTreeGap + 16 * chance(seed, 2));
    const double x = section.x - std::sin(section.heading) * side;
    const double y = section.y + std::cos(section.heading) * side;
    if (chance(seed, 3) < 0.3 || road.gap(x, y) < kTreeGap) continue;
    things_.push_back({chance(seed, 4) < 0.55 ? Kind::kConifer : Kind::kBroadleaf, x, y,
                       4.5 + 4 * chance(seed, 5)});
  }
  things_.push_back({Kind::kGantry, line_.x, line_.y, kGantryTop});
}

void Scenery::draw(Canvas& canvas, const Camera& camera) {
  shown_.clear();
  for (const Thing& thing : things_) {
    const Seen place = camera.see(thing.x, thing.y);
    if (place.depth > 2 * Camera::kNear && camera.sees(place, thing.height)) {
      shown_.push_back({&thing, place});
    }
  }
  std::sort(shown_.begin(), shown_.end(),
            [](const Shown& a, const Shown& b) { return a.place.depth > b.place.depth; });
  for (const Shown& shown : shown_) {
    switch (shown.thing->kind) {
      case Kind::kConifer:
        drawConifer(canvas, camera, shown);
        break;
      case Kind::kBroadleaf:
        drawBroadleaf(canvas, camera, shown);
        break;
      case Kind::kGantry:
        drawGantry(canvas, camera);
        break;
    }
  }
}

void Scenery::drawConifer(Canvas& canvas, const Camera& camera, const Shown& tree) {
  const double height = tree.thing->height;
  const Color dark = hazed(kConiferDark, tree.place.depth);
  const Color light = hazed(kConiferLight, tree.place.depth);
  drawTrunk(canvas, camera, tree.place, 0.2 * height);
  drawTriangle(canvas, camera, tree.place, 0.26 * height, 0.14 * height, 0.66 * height, dark);
  drawTriangle(canvas, camera, tree.place, 0.21 * height, 0.38 * height, 0.84 * height, light);
  drawTriangle(canvas, camera, tree.place, 0.15 * height, 0.60 * height, height, dark);
}

void Scenery::drawBroadleaf(Canvas& canvas, const Camera& camera, const Shown& tree) {
  const double height = tree.thing->height;
  drawTrunk(canvas, camera, tree.place, 0.45 * height);
  drawCrown(canvas, camera, above(tree.place, 0, 0.66 * height), 0.34 * height, kLeafDark);
  drawCrown(canvas, camera, above(tree.place, -0.07 * height, 0.73 * height), 0.23 * height,
            kLeafLight);
}

void Scenery::drawGantry(Canvas& canvas, const Camera& camera) const {
  const Seen middle = camera.see(line_.x, line_.y);
  const Seen left = camera.turn(-std::sin(line_.heading), std::cos(line_.heading));
  const auto at = [&](double metres, double height) {
    return Seen{middle.right + metres * left.right, middle.depth + metres * left.depth, height};
  };
  const auto board = [&](double from, double to, double bottom, double top, const Color& color) {
    drawQuad(canvas, camera, {at(from, bottom), at(from, top), at(to, top), at(to, bottom)},
             hazed(color, middle.depth));
  };
  board(kGantryHalf, kGantryHalf + 0.25, 0, kGantryTop, kPost);
  board(-kGantryHalf - 0.25, -kGantryHalf, 0, kGantryTop, kPost);
  board(-kGantryHalf, kGantryHalf, kGantryBottom, kGantryTop, kBanner);
  constexpr int kSquares = 26;
  constexpr double kSide = 2 * kGantryHalf / kSquares;
  for (int square = 0; square < kSquares; ++square) {
    const double from = -kGantryHalf + square * kSide;
    const double bottom = kGantryBottom + 0.2 + (square % 2) * kSide;
    board(from, from + kSide, bottom, bottom + kSide, kWhite);
  }
}

}  // namespace rtcpub::sim
