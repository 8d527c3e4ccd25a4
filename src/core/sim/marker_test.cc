#include "core/sim/marker.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "core/sim/canvas_memory_test.h"

namespace rtcpub::sim::marker {
namespace {

std::optional<Marker> readBack(const CanvasMemory& memory) {
  const auto& luma = memory.canvas.y();
  return read(luma.data, luma.stride, luma.width, luma.height, luma.width);
}

/// The luma of a picture made smaller, each sample the mean of those that it stands for.
std::vector<std::uint8_t> scaled(const CanvasPlane& luma, int width, int height) {
  std::vector<std::uint8_t> small;
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      int sum = 0;
      int count = 0;
      for (int y = row * luma.height / height; y < (row + 1) * luma.height / height; ++y) {
        for (int x = column * luma.width / width; x < (column + 1) * luma.width / width; ++x) {
          sum += luma.row(y)[x];
          ++count;
        }
      }
      small.push_back(static_cast<std::uint8_t>(sum / count));
    }
  }
  return small;
}

TEST(Marker, IsReadAsItWasDrawn) {
  for (int steering = -127; steering <= 127; steering += 2) {
    CanvasMemory memory(320, 180);
    const Marker drawn{steering, -steering, steering / 2};
    draw(memory.canvas, drawn);
    EXPECT_EQ(readBack(memory), drawn);
    EXPECT_TRUE(memory.gapsAreUntouched());
  }
}

TEST(Marker, HasTheFormOfTheDocumentation) {
  CanvasMemory memory(960, 540);
  draw(memory.canvas, {.steering = -1, .throttle = 127, .speed = 100});
  // C3 FF 7F 64 and their CRC-8, a cell of 8x16 pixels for each bit, at the bottom left.
  const std::uint64_t bits = 0xC3FF7F64E1;
  for (int bit = 0; bit < 40; ++bit) {
    const int expected = (bits >> (39 - bit) & 1) != 0 ? 200 : 40;
    for (const int row : {524, 539}) {
      EXPECT_EQ(memory.lumaAt(bit * 8, row), expected) << bit;
      EXPECT_EQ(memory.lumaAt(bit * 8 + 7, row), expected) << bit;
    }
  }
  EXPECT_EQ(memory.lumaAt(320, 539), CanvasMemory::kLuma);
  EXPECT_EQ(memory.lumaAt(0, 523), CanvasMemory::kLuma);
}

TEST(Marker, SurvivesNoiseAndScaling) {
  std::mt19937 random(11);
  std::uniform_int_distribution<int> noise(-45, 45);
  CanvasMemory memory(960, 540);
  const Marker drawn{.steering = -64, .throttle = 32, .speed = 99};
  draw(memory.canvas, drawn);
  for (int row = 0; row < 540; ++row) {
    for (int column = 0; column < 960; ++column) {
      auto& sample = memory.canvas.y().row(row)[column];
      sample = static_cast<std::uint8_t>(sample + noise(random));
    }
  }
  EXPECT_EQ(readBack(memory), drawn);
  for (const auto& [width, height] :
       {std::pair(720, 405), std::pair(480, 270), std::pair(240, 135)}) {
    const auto small = scaled(memory.canvas.y(), width, height);
    EXPECT_EQ(read(small.data(), width, width, height, 960), drawn) << width;
  }
}

TEST(Marker, IsNotReadWhereThereIsNone) {
  std::mt19937 random(17);
  CanvasMemory memory(960, 540);
  EXPECT_FALSE(readBack(memory));
  int found = 0;
  for (int i = 0; i < 2000; ++i) {
    for (int row = 524; row < 540; ++row) {
      for (int column = 0; column < 320; ++column) {
        memory.canvas.y().row(row)[column] = static_cast<std::uint8_t>(random());
      }
    }
    found += readBack(memory) ? 1 : 0;
  }
  EXPECT_LE(found, 2);
  const auto& luma = memory.canvas.y();
  EXPECT_FALSE(read(nullptr, 960, 960, 540, 960));
  EXPECT_FALSE(read(luma.data, 10, 960, 540, 960));
  EXPECT_FALSE(read(luma.data, luma.stride, 0, 540, 960));
  EXPECT_FALSE(read(luma.data, luma.stride, 300, 2, 320));
  EXPECT_FALSE(read(luma.data, luma.stride, 960, 540, 100));
}

TEST(Marker, HoldsAnAxisInSteps) {
  EXPECT_EQ(level(-1), -127);
  EXPECT_EQ(level(0), 0);
  EXPECT_EQ(level(0.5), 64);
  EXPECT_EQ(level(7), 127);
}

}  // namespace
}  // namespace rtcpub::sim::marker
