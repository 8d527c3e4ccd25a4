#include "core/sim/picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "core/sim/canvas_memory_test.h"
#include "core/sim/marker.h"
#include "core/sim/pure_pursuit_test.h"

namespace rtcpub::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kBegin{seconds(100)};
constexpr int kWidth = 960;
constexpr int kHeight = 540;

struct Stage {
  std::shared_ptr<const Road> road = std::make_shared<Road>();
  Simulation simulation{road, kBegin};
  Picture picture{kWidth, kHeight, road};
  Time now = kBegin;
  Instruments instruments{.driver = "Kim", .state = GateState::kDriven};

  void drive(const Controls& controls, milliseconds time) {
    simulation.drive(controls, now);
    now += time;
    simulation.advance(now);
  }
  void draw(CanvasMemory& memory) { picture.draw(memory.canvas, simulation, instruments, now); }
};

/// How many pixels of a bar, along its middle, differ from its empty end.
int filled(const CanvasMemory& memory, const Panel::Bar& bar, bool fromRight) {
  const int row = bar.y + bar.height / 2;
  const int empty = memory.lumaAt(fromRight ? bar.x : bar.x + bar.width - 1, row);
  int count = 0;
  for (int x = bar.x; x < bar.x + bar.width; ++x) {
    count += memory.lumaAt(x, row) == empty ? 0 : 1;
  }
  return count;
}

std::optional<marker::Marker> markerIn(const CanvasMemory& memory) {
  const auto& luma = memory.canvas.y();
  return marker::read(luma.data, luma.stride, luma.width, luma.height, luma.width);
}

/// How far the rows around the horizon, with hills and trees, have moved to the left from one
/// picture to the next, in pixels: where they fit best.
int movedLeft(const CanvasMemory& before, const CanvasMemory& after) {
  constexpr int kMost = 60;
  int best = 0;
  long least = 1L << 60;
  for (int shift = -kMost; shift <= kMost; ++shift) {
    long sum = 0;
    for (int row = 60; row < 170; row += 2) {
      for (int column = kMost; column < 640; ++column) {
        sum += std::abs(before.lumaAt(column, row) - after.lumaAt(column - shift, row));
      }
    }
    if (sum < least) {
      least = sum;
      best = shift;
    }
  }
  return best;
}

TEST(Picture, ShowsTheRoadUnderTheCarOnAStraightAndGrassBeside) {
  Stage stage;
  CanvasMemory memory(kWidth, kHeight);
  stage.draw(memory);
  const int row = kHeight - Panel(kWidth, kHeight).height() - 150;
  const auto chromaAt = [row](const CanvasPlane& plane, int column) -> int {
    return plane.row(row / 2)[column / 2];
  };
  const auto& u = memory.canvas.u();
  const auto& v = memory.canvas.v();
  // Asphalt is grey, grass green, to the left and right.
  for (const int column : {kWidth / 2 - 100, kWidth / 2 + 100}) {
    EXPECT_NEAR(chromaAt(u, column), 128, 6);
    EXPECT_NEAR(chromaAt(v, column), 128, 6);
  }
  for (const int column : {20, kWidth - 20}) {
    EXPECT_LT(chromaAt(u, column), 115);
    EXPECT_LT(chromaAt(v, column), 120);
  }
}

TEST(Picture, MovesToTheLeftWhenTheCarIsSteeredRight) {
  Stage stage;
  stage.drive({.throttle = 1}, seconds(1));
  CanvasMemory before(kWidth, kHeight);
  stage.draw(before);
  stage.drive({.steering = 0.5, .throttle = 1}, milliseconds(150));
  CanvasMemory after(kWidth, kHeight);
  stage.draw(after);
  EXPECT_GT(movedLeft(before, after), 5);
  stage.drive({.steering = -0.5, .throttle = 1}, milliseconds(250));
  CanvasMemory left(kWidth, kHeight);
  stage.draw(left);
  EXPECT_LT(movedLeft(after, left), -5);
}

TEST(Picture, SaysTheSpeedInItsBar) {
  Stage stage;
  const auto bar = Panel(kWidth, kHeight).speedBar();
  for (int i = 0; i < 12; ++i) {
    CanvasMemory memory(kWidth, kHeight);
    stage.draw(memory);
    const double shown = double(filled(memory, bar, false)) / bar.width * kTopSpeed;
    EXPECT_NEAR(shown, stage.simulation.motion().speed, kTopSpeed / bar.width);
    stage.drive({.throttle = 0.8}, milliseconds(200));
  }
  EXPECT_GT(stage.simulation.motion().speed, 5);
}

TEST(Picture, SaysTheAxesInTheirBarsAndInItsMarker) {
  Stage stage;
  const Panel panel(kWidth, kHeight);
  for (const Controls controls : {Controls{}, Controls{0.5, 1}, Controls{-1, -0.25}}) {
    stage.drive(controls, milliseconds(50));
    CanvasMemory memory(kWidth, kHeight);
    stage.draw(memory);
    const auto marker = markerIn(memory);
    ASSERT_TRUE(marker);
    EXPECT_EQ(marker->steering, marker::level(controls.steering));
    EXPECT_EQ(marker->throttle, marker::level(controls.throttle));
    EXPECT_EQ(marker->speed, std::lround(stage.simulation.motion().speed * 10));
    const auto bar = panel.steeringBar();
    EXPECT_NEAR(filled(memory, bar, controls.steering > 0),
                std::abs(controls.steering) * bar.width / 2, 4);
  }
}

TEST(Picture, IsTheSameForTheSameAndDrawnAsAWhole) {
  Stage stage;
  stage.drive({.steering = 0.1, .throttle = 1}, seconds(2));
  CanvasMemory first(kWidth, kHeight, 0, 0);
  CanvasMemory second(kWidth, kHeight, 255, 255);
  stage.draw(first);
  stage.draw(second);
  EXPECT_EQ(first.bytes(), second.bytes());
}

TEST(Picture, CanBeDrawnAtAnySizeFromAnyPlace) {
  for (const auto& [width, height] :
       {std::pair(320, 180), std::pair(322, 182), std::pair(1280, 720), std::pair(720, 1280),
        std::pair(2000, 180)}) {
    Stage stage;
    Picture picture(width, height, stage.road);
    CanvasMemory first(width, height, 0, 0);
    CanvasMemory second(width, height, 255, 255);
    for (int i = 0; i < 20; ++i) {
      // Off the road, too.
      stage.drive({.steering = i % 3 == 0 ? 1.0 : -0.2, .throttle = 1}, milliseconds(700));
      picture.draw(first.canvas, stage.simulation, stage.instruments, stage.now);
    }
    picture.draw(second.canvas, stage.simulation, stage.instruments, stage.now);
    EXPECT_EQ(first.bytes(), second.bytes()) << width << "x" << height;
    EXPECT_TRUE(first.gapsAreUntouched());
    EXPECT_TRUE(markerIn(first));
    const auto& luma = first.canvas.y();
    EXPECT_GE(*std::min_element(luma.row(height / 2), luma.row(height / 2) + width), 16);
  }
}

TEST(Picture, ShowsAllOfTheRoadWithoutEverLosingItFromUnderTheCar) {
  Stage stage;
  CanvasMemory memory(kWidth, kHeight);
  const int chromaRow = (kHeight - Panel(kWidth, kHeight).height() - 30) / 2;
  const int chromaColumn = (kWidth / 2 - 240) / 2;
  int pictures = 0;
  while (stage.simulation.laps() < 1 && stage.now < kBegin + seconds(120)) {
    stage.drive(pursue(stage.simulation), milliseconds(40));
    if (++pictures % 10 != 0) continue;
    stage.draw(memory);
    // Between nose and wheels.
    EXPECT_NEAR(memory.canvas.v().row(chromaRow)[chromaColumn], 128, 8) << pictures;
  }
  EXPECT_EQ(stage.simulation.laps(), 1);
}

/// Of the pixels that differ, the outermost.
Panel::Bar difference(const CanvasMemory& a, const CanvasMemory& b) {
  int left = kWidth;
  int right = 0;
  int top = kHeight;
  int bottom = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      if (a.lumaAt(x, y) == b.lumaAt(x, y)) continue;
      left = std::min(left, x);
      right = std::max(right, x + 1);
      top = std::min(top, y);
      bottom = std::max(bottom, y + 1);
    }
  }
  return {left, top, right - left, bottom - top};
}

// tests/browser/demo.test.mjs has the same shares: nothing of the console's lies over them.
TEST(Picture, WritesWhatIsToBeReadWhereTheConsoleHasNothing) {
  const Panel panel(kWidth, kHeight);
  EXPECT_GE(kHeight - panel.height(), 0.8 * kHeight);
  const auto board = panel.board();
  EXPECT_GE(board.x, 0.75 * kWidth);
  EXPECT_GE(board.y, 0.59 * kHeight);
  EXPECT_LE(board.y + board.height, kHeight - panel.height());

  Stage stage;
  stage.simulation = Simulation(stage.road, kBegin, -1);
  stage.drive({.throttle = 1}, seconds(4));
  ASSERT_TRUE(stage.simulation.lapBegan());
  CanvasMemory before(kWidth, kHeight);
  stage.draw(before);
  stage.now += milliseconds(1200);  // of the lap, while the car doesn't move in the picture
  CanvasMemory after(kWidth, kHeight);
  stage.draw(after);
  const auto changed = difference(before, after);
  EXPECT_GT(changed.width, 0);
  EXPECT_GE(changed.x, board.x);
  EXPECT_GE(changed.y, board.y);
  EXPECT_LE(changed.x + changed.width, board.x + board.width);
  EXPECT_LE(changed.y + changed.height, board.y + board.height);
}

TEST(Picture, CutsNoWordAtItsEdge) {
  Stage stage;
  stage.instruments = {.driver = "A driver with a long name",
                       .age = milliseconds(9999),
                       .state = GateState::kEmergency,
                       .factor = 0.36};
  CanvasMemory memory(kWidth, kHeight);
  stage.draw(memory);
  const int top = kHeight - Panel(kWidth, kHeight).height() + 2;
  for (int y = top; y < kHeight; ++y) {
    EXPECT_EQ(memory.lumaAt(kWidth - 1, y), memory.lumaAt(kWidth - 1, top)) << y;
  }
}

TEST(Picture, SaysWhoDrivesAndHowOldTheLastCommandIs) {
  Stage stage;
  CanvasMemory nobody(kWidth, kHeight);
  stage.instruments = {};
  stage.draw(nobody);
  CanvasMemory somebody(kWidth, kHeight);
  stage.instruments = {.driver = "Kim", .age = milliseconds(23), .state = GateState::kDriven};
  stage.draw(somebody);
  CanvasMemory stopped(kWidth, kHeight);
  stage.instruments.state = GateState::kEmergency;
  stage.draw(stopped);
  EXPECT_NE(nobody.bytes(), somebody.bytes());
  EXPECT_NE(somebody.bytes(), stopped.bytes());
}

}  // namespace
}  // namespace rtcpub::sim
