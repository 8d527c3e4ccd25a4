#include "core/sim/canvas.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "core/sim/canvas_memory_test.h"
#include "core/sim/font.h"

namespace rtcpub::sim {
namespace {

constexpr Color kWhite = rgb(255, 255, 255);
constexpr Color kRed = rgb(255, 0, 0);

TEST(Canvas, KnowsTheColoursOfVideo) {
  EXPECT_EQ(kWhite.y, 235);
  EXPECT_EQ(kWhite.u, 128);
  EXPECT_EQ(kWhite.v, 128);
  EXPECT_EQ(rgb(0, 0, 0).y, 16);
  EXPECT_EQ(kRed.y, 82);
  EXPECT_EQ(kRed.u, 90);
  EXPECT_EQ(kRed.v, 240);
}

TEST(Canvas, DrawsARectangleInAllPlanes) {
  CanvasMemory memory(32, 32);
  memory.canvas.rect(4, 6, 10, 8, kRed);
  EXPECT_EQ(memory.lumaAt(4, 6), kRed.y);
  EXPECT_EQ(memory.lumaAt(13, 13), kRed.y);
  EXPECT_EQ(memory.lumaAt(14, 13), CanvasMemory::kLuma);
  EXPECT_EQ(memory.lumaAt(3, 6), CanvasMemory::kLuma);
  EXPECT_EQ(memory.canvas.v().row(3)[2], kRed.v);
  EXPECT_EQ(memory.canvas.v().row(3)[7], CanvasMemory::kChroma);
}

TEST(Canvas, CoversPixelsAtASmoothSideByTheirPart) {
  CanvasMemory memory(16, 16);
  const std::array<Corner, 4> corners{Corner{2.25, 0}, Corner{2.25, 16}, Corner{8.5, 16},
                                      Corner{8.5, 0}};
  memory.canvas.convex(corners, kWhite);
  const auto part = [](double share) {
    return CanvasMemory::kLuma + share * (kWhite.y - CanvasMemory::kLuma);
  };
  EXPECT_NEAR(memory.lumaAt(2, 5), part(0.75), 1);
  EXPECT_EQ(memory.lumaAt(3, 5), kWhite.y);
  EXPECT_NEAR(memory.lumaAt(8, 5), part(0.5), 1);
  EXPECT_EQ(memory.lumaAt(9, 5), CanvasMemory::kLuma);
}

TEST(Canvas, LeavesNoSeamAndNoOverlapWherePolygonsShareASide) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(-10, 70);
  for (int i = 0; i < 500; ++i) {
    // A square, cut in two by any line from its upper to its lower side.
    const Corner above{place(random), -4, false};
    const Corner below{place(random), 68, false};
    const std::array<Corner, 4> left{above, below, Corner{-20, 68}, Corner{-20, -4}};
    const std::array<Corner, 4> right{below, above, Corner{90, -4}, Corner{90, 68}};
    CanvasMemory memory(64, 64);
    memory.canvas.convex(left, kWhite);
    for (int row = 0; row < 64; ++row) {
      for (int column = 0; column < 64; ++column) {
        auto& sample = memory.canvas.y().row(row)[column];
        if (sample == kWhite.y) sample = 1;  // what was there before the right half
      }
    }
    memory.canvas.convex(right, kWhite);
    for (int row = 0; row < 64; ++row) {
      for (int column = 0; column < 64; ++column) {
        const int sample = memory.lumaAt(column, row);
        ASSERT_TRUE(sample == 1 || sample == kWhite.y) << column << " " << row;
      }
    }
  }
}

TEST(Canvas, NeverWritesOutside) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> place(-200, 200);
  const auto at = [&] { return static_cast<int>(place(random)); };
  CanvasMemory memory(64, 48);
  for (int i = 0; i < 1000; ++i) {
    memory.canvas.rect(at(), at(), at(), at(), kRed);
    memory.canvas.shade(at(), at(), at(), at(), 0.5);
    memory.canvas.disc(place(random), place(random), place(random), place(random), kRed);
    const std::array<Corner, 3> corners{Corner{place(random), place(random)},
                                        Corner{place(random), place(random), false},
                                        Corner{place(random), place(random)}};
    memory.canvas.convex(corners, kRed);
    memory.canvas.upper(20).convex(corners, kWhite);
    drawText(memory.canvas, at(), at(), 1 + i % 5, "Kim (12.5%)", kWhite);
    ASSERT_TRUE(memory.gapsAreUntouched());
  }
}

TEST(Canvas, DrawsADiscAsLargeAsItIs) {
  CanvasMemory memory(64, 64);
  memory.canvas.disc(32, 32, 20, 10, kWhite);
  int inside = 0;
  for (int row = 0; row < 64; ++row) {
    for (int column = 0; column < 64; ++column) inside += memory.lumaAt(column, row) > 120 ? 1 : 0;
  }
  EXPECT_NEAR(inside, M_PI * 20 * 10, 15);
}

TEST(Font, DrawsSmallLettersAsCapitalsAndUnknownOnesAsOneBoxEach) {
  CanvasMemory small(128, 16);
  CanvasMemory large(128, 16);
  drawText(small.canvas, 0, 0, 1, "kim", kWhite);
  drawText(large.canvas, 0, 0, 1, "KIM", kWhite);
  EXPECT_EQ(small.bytes(), large.bytes());
  EXPECT_EQ(textWidth(1, "김철수"), 18);
  EXPECT_EQ(fitting("김철수", 2), "김철");
  EXPECT_EQ(fitting("ab", 2), "ab");
  EXPECT_EQ(fitting("", 2), "");
}

}  // namespace
}  // namespace rtcpub::sim
