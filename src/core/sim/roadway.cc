#include "core/sim/roadway.h"

#include <cmath>

namespace rtcpub::sim {
namespace {

constexpr Color kAsphalt = rgb(92, 94, 98);
constexpr Color kAsphaltLight = rgb(99, 101, 105);
constexpr Color kWhite = rgb(232, 232, 228);
constexpr Color kBlack = rgb(36, 36, 38);
constexpr Color kRed = rgb(204, 44, 36);
constexpr std::size_t kBand = 5;     // sections of one shade of asphalt
constexpr std::size_t kDash = 3;     // sections of a dash of the middle line
constexpr std::size_t kDashes = 8;   // sections from a dash to the next
constexpr double kLineWidth = 0.14;  // metres
constexpr double kKerbsBlur = 45;    // metres: there red and white can't be told apart
constexpr double kLinesFar = 70;     // metres: there they are too thin to be seen
constexpr double kReach = Road::kHalfWidth + Road::kKerbWidth + 1;

Seen beside(const Seen& middle, const Seen& left, double metres) {
  return {middle.right + metres * left.right, middle.depth + metres * left.depth, 0};
}

}  // namespace

void Roadway::draw(Canvas& canvas, const Camera& camera) {
  place(camera);
  drawKerbs(canvas, camera);
  for (const std::size_t section : seen_) {
    drawStrip(
        canvas, camera, section,
        {-Road::kHalfWidth, Road::kHalfWidth, section / kBand % 2 == 0 ? kAsphalt : kAsphaltLight});
  }
  drawLines(canvas, camera);
  drawStartLine(canvas, camera);
}

void Roadway::place(const Camera& camera) {
  placed_.clear();
  seen_.clear();
  for (const auto& section : road_.sections()) {
    placed_.push_back({camera.see(section.x, section.y),
                       camera.turn(-std::sin(section.heading), std::cos(section.heading))});
    if (camera.sees(placed_.back().middle, kReach)) seen_.push_back(placed_.size() - 1);
  }
}

void Roadway::drawStrip(Canvas& canvas, const Camera& camera, std::size_t section,
                        const Strip& strip) {
  const Placed& a = placed_[section];
  const Placed& b = placed_[(section + 1) % placed_.size()];
  drawQuad(canvas, camera,
           {beside(a.middle, a.left, strip.from), beside(b.middle, b.left, strip.from),
            beside(b.middle, b.left, strip.to), beside(a.middle, a.left, strip.to)},
           hazed(strip.color, a.middle.depth));
}

void Roadway::drawKerbs(Canvas& canvas, const Camera& camera) {
  for (const std::size_t section : seen_) {
    if (!road_.sections()[section].bends()) continue;
    const double blur = std::clamp(placed_[section].middle.depth / kKerbsBlur, 0.0, 1.0) / 2;
    const Color color =
        section / 2 % 2 == 0 ? mixed(kRed, kWhite, blur) : mixed(kWhite, kRed, blur);
    constexpr double kOuter = Road::kHalfWidth + Road::kKerbWidth;
    drawStrip(canvas, camera, section, {-kOuter, -Road::kHalfWidth, color});
    drawStrip(canvas, camera, section, {Road::kHalfWidth, kOuter, color});
  }
}

void Roadway::drawLines(Canvas& canvas, const Camera& camera) {
  constexpr double kEdge = Road::kHalfWidth - 0.25;
  for (const std::size_t section : seen_) {
    const double far = placed_[section].middle.depth / kLinesFar;
    if (far > 1) continue;
    const Color color = mixed(kWhite, kAsphalt, std::max(far, 0.0));
    drawStrip(canvas, camera, section, {-kEdge, -kEdge + kLineWidth, color});
    drawStrip(canvas, camera, section, {kEdge - kLineWidth, kEdge, color});
    if (section % kDashes >= kDash) continue;
    drawStrip(canvas, camera, section, {-kLineWidth / 2, kLineWidth / 2, color});
  }
}

void Roadway::drawStartLine(Canvas& canvas, const Camera& camera) {
  const Placed& line = placed_.front();
  if (!camera.sees(line.middle, kReach)) return;
  constexpr int kSquares = 14;
  constexpr int kRows = 2;
  constexpr double kSide = 2 * Road::kHalfWidth / kSquares;
  const Seen along = camera.turn(std::cos(road_.sections().front().heading),
                                 std::sin(road_.sections().front().heading));
  for (int row = 0; row < kRows; ++row) {
    const Seen begin = beside(line.middle, along, row * kSide);
    const Seen end = beside(line.middle, along, (row + 1) * kSide);
    for (int square = 0; square < kSquares; ++square) {
      const double from = -Road::kHalfWidth + square * kSide;
      drawQuad(canvas, camera,
               {beside(begin, line.left, from), beside(end, line.left, from),
                beside(end, line.left, from + kSide), beside(begin, line.left, from + kSide)},
               (row + square) % 2 == 0 ? kBlack : kWhite);
    }
  }
}

}  // namespace rtcpub::sim
