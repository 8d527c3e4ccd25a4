#include "core/video/pattern.h"

#include <algorithm>
#include <cstring>

#include "core/measure/stamp.h"

namespace rtcpub {

namespace {

constexpr int kLumaPeriod = 512;    // samples of a diagonal ramp up and down
constexpr int kChromaPeriod = 128;  // the same of the chroma ramps

// A well-mixed function of its argument, so that the noise can't be predicted by an encoder.
std::uint32_t mix(std::uint32_t h) {
  h ^= h >> 16;
  h *= 0x7FEB352DU;
  h ^= h >> 15;
  h *= 0x846CA68BU;
  return h ^ h >> 16;
}

std::uint8_t lumaAt(int position) {
  const int p = position % kLumaPeriod;
  return static_cast<std::uint8_t>(40 + ((std::min(p, kLumaPeriod - 1 - p) * 160) >> 8));
}

std::uint8_t chromaAt(int position) {
  const int q = position % kChromaPeriod;
  return static_cast<std::uint8_t>(96 + std::min(q, kChromaPeriod - 1 - q));
}

}  // namespace

Pattern::Pattern(int width, int height)
    : width_(width),
      height_(height),
      luma_(width + kLumaPeriod),
      chroma_(std::max(width, height) / 2 + kChromaPeriod) {
  for (std::size_t i = 0; i < luma_.size(); ++i) luma_[i] = lumaAt(static_cast<int>(i));
  for (std::size_t i = 0; i < chroma_.size(); ++i) chroma_[i] = chromaAt(static_cast<int>(i));
}

void Pattern::draw(int n, std::uint8_t* y, int strideY, std::uint8_t* u, int strideU,
                   std::uint8_t* v, int strideV) const {
  n %= kFrames;
  const int lumaShift = n * 1024 / kFrames;
  for (int row = 0; row < height_; ++row) {
    std::memcpy(y + static_cast<std::ptrdiff_t>(row) * strideY,
                luma_.data() + (row + lumaShift) % kLumaPeriod, width_);
  }
  const std::uint8_t* chroma = chroma_.data() + n * 256 / kFrames % kChromaPeriod;
  for (int row = 0; row < height_ / 2; ++row) {
    std::memcpy(u + static_cast<std::ptrdiff_t>(row) * strideU, chroma, width_ / 2);
    std::memset(v + static_cast<std::ptrdiff_t>(row) * strideV, chroma[row], width_ / 2);
  }
  drawNoise(n, y, strideY);
  if (width_ >= stamp::kWidth && height_ >= stamp::kHeight) {
    stamp::neutralChroma(u, strideU, v, strideV);
  }
}

void Pattern::drawNoise(int n, std::uint8_t* y, int strideY) const {
  const int side = height_ < 720 ? 64 : 96;
  if (width_ < side || height_ < side) return;
  const int left = std::min(n, kFrames - n) * (width_ - side) / (kFrames / 2);
  const int top = height_ / 2 - side / 2;
  auto seed = static_cast<std::uint32_t>(n) * side * side;
  for (int row = 0; row < side; ++row) {
    std::uint8_t* samples = y + static_cast<std::ptrdiff_t>(top + row) * strideY + left;
    for (int column = 0; column < side; ++column) {
      samples[column] = static_cast<std::uint8_t>(96 + (mix(seed++) >> 26));
    }
  }
}

}  // namespace rtcpub
