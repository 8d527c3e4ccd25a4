#pragma once

#include <cstdint>
#include <vector>

namespace rtcpub {

/// The reference content of docs/stamp.md: frame n (0 to 299, a seamless loop) at any even size.
/// Row tables are made once, so that a frame costs little more than copying it.
class Pattern {
 public:
  static constexpr int kFrames = 300;

  Pattern(int width, int height);
  /// Draws I420; a larger `n` goes round. Without the stamp, and with neutral chroma in the stamp's
  /// place where that fits.
  void draw(int n, std::uint8_t* y, int strideY, std::uint8_t* u, int strideU, std::uint8_t* v,
            int strideV) const;

 private:
  void drawNoise(int n, std::uint8_t* y, int strideY) const;

  int width_;
  int height_;
  std::vector<std::uint8_t> luma_;    // a row, and one period of the ramp more
  std::vector<std::uint8_t> chroma_;  // the same for the longer of a chroma row and column
};

}  // namespace rtcpub
