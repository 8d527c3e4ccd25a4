#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "core/sim/canvas.h"

namespace rtcpub::sim {

/// A picture to draw into, with gaps between its rows and around its planes that nobody may touch.
class CanvasMemory {
 public:
  static constexpr std::uint8_t kLuma = 50;
  static constexpr std::uint8_t kChroma = 128;

  CanvasMemory(int width, int height, std::uint8_t luma = kLuma, std::uint8_t chroma = kChroma)
      : planes_{Rows(width, height, luma), Rows(width / 2, height / 2, chroma),
                Rows(width / 2, height / 2, chroma)},
        canvas(width, height, {planes_[0].plane(), planes_[1].plane(), planes_[2].plane()}) {}
  CanvasMemory(const CanvasMemory&) = delete;
  CanvasMemory& operator=(const CanvasMemory&) = delete;

  [[nodiscard]] int lumaAt(int x, int y) const { return canvas.y().row(y)[x]; }
  [[nodiscard]] std::array<std::vector<std::uint8_t>, 3> bytes() const {
    return {planes_[0].bytes, planes_[1].bytes, planes_[2].bytes};
  }
  [[nodiscard]] bool gapsAreUntouched() const {
    return std::all_of(planes_.begin(), planes_.end(),
                       [](const Rows& rows) { return rows.gapsAreUntouched(); });
  }

 private:
  static constexpr int kGap = 8;  // bytes, and rows
  static constexpr std::uint8_t kUntouched = 1;

  struct Rows {
    Rows(int columns, int rows, std::uint8_t value)
        : width(columns),
          height(rows),
          bytes(static_cast<std::size_t>(columns + kGap) * (rows + 2 * kGap), kUntouched) {
      for (int row = 0; row < rows; ++row) std::fill_n(plane().row(row), columns, value);
    }
    [[nodiscard]] CanvasPlane plane() {
      const int stride = width + kGap;
      return {bytes.data() + std::ptrdiff_t{kGap} * stride, stride, width, height};
    }
    [[nodiscard]] bool gapsAreUntouched() const {
      const int stride = width + kGap;
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto row = static_cast<int>(i) / stride - kGap;
        const bool inside = row >= 0 && row < height && static_cast<int>(i) % stride < width;
        if (!inside && bytes[i] != kUntouched) return false;
      }
      return true;
    }

    int width;
    int height;
    std::vector<std::uint8_t> bytes;
  };

  std::array<Rows, 3> planes_;

 public:
  Canvas canvas;
};

}  // namespace rtcpub::sim
