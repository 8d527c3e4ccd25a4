#include "core/sim/marker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "core/measure/crc8.h"

namespace rtcpub::sim::marker {
namespace {

constexpr int kCell = 8;  // luma pixels wide: a block of the finest transform, and more
constexpr int kBytes = 5;
constexpr std::uint8_t kSync = 0xC3;
constexpr Color kDark{40, 128, 128};
constexpr Color kLight{200, 128, 128};
constexpr int kThreshold = 120;
static_assert(kWidth == kCell * 8 * kBytes);

using Bytes = std::array<std::uint8_t, kBytes>;

std::uint8_t checksum(const Bytes& bytes) { return crc8(std::span(bytes).first<kBytes - 1>()); }

std::uint8_t byteOf(int level) { return static_cast<std::uint8_t>(std::clamp(level, -127, 127)); }
int levelOf(std::uint8_t byte) { return static_cast<std::int8_t>(byte); }

/// Where the inner half of a cell lies in the scaled picture: a sample at least.
struct Span {
  int from;
  int to;
};
Span inner(int begin, int size, int width, int nominalWidth) {
  const auto scaled = [&](int quarters) {
    const std::int64_t place = std::int64_t{4} * begin + std::int64_t{quarters} * size;
    return static_cast<int>(place * width / (std::int64_t{4} * nominalWidth));
  };
  const int from = scaled(1);
  return {from, std::max(from + 1, scaled(3))};
}

/// Whether these samples are, counted upwards from the lowest row.
bool isLight(const std::uint8_t* lowest, int stride, Span x, Span up) {
  std::int64_t sum = 0;
  for (int row = up.from; row < up.to; ++row) {
    const std::uint8_t* samples = lowest - static_cast<std::ptrdiff_t>(row) * stride;
    for (int column = x.from; column < x.to; ++column) sum += samples[column];
  }
  return sum >= std::int64_t{kThreshold} * (x.to - x.from) * (up.to - up.from);
}

}  // namespace

int level(double axis) { return static_cast<int>(std::lround(std::clamp(axis, -1.0, 1.0) * 127)); }

void draw(Canvas& canvas, const Marker& marker) {
  Bytes bytes{kSync, byteOf(marker.steering), byteOf(marker.throttle), byteOf(marker.speed), 0};
  bytes.back() = checksum(bytes);
  for (int bit = 0; bit < 8 * kBytes; ++bit) {
    const bool set = (bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
    canvas.rect(bit * kCell, canvas.height() - kHeight, kCell, kHeight, set ? kLight : kDark);
  }
}

std::optional<Marker> read(const std::uint8_t* luma, int stride, int width, int height,
                           int nominalWidth) {
  constexpr int kMaxWidth = 1 << 16;
  if (luma == nullptr || width <= 0 || width > kMaxWidth || stride < width) return std::nullopt;
  if (nominalWidth < kWidth || nominalWidth > kMaxWidth) return std::nullopt;
  const Span up = inner(0, kHeight, width, nominalWidth);
  if (up.to > height || inner(kWidth - kCell, kCell, width, nominalWidth).to > width) {
    return std::nullopt;
  }
  const std::uint8_t* const lowest = luma + static_cast<std::ptrdiff_t>(height - 1) * stride;
  Bytes bytes{};
  for (int bit = 0; bit < 8 * kBytes; ++bit) {
    const Span x = inner(bit * kCell, kCell, width, nominalWidth);
    if (isLight(lowest, stride, x, up)) bytes[bit / 8] |= 0x80U >> (bit % 8);
  }
  if (bytes.front() != kSync || bytes.back() != checksum(bytes)) return std::nullopt;
  return Marker{levelOf(bytes[1]), levelOf(bytes[2]), levelOf(bytes[3])};
}

}  // namespace rtcpub::sim::marker
