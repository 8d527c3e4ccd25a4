#include "core/measure/stamp.h"

#include <array>
#include <cassert>
#include <cstring>
#include <span>

#include "core/measure/crc8.h"

namespace rtcpub::stamp {

namespace {

constexpr int kCell = 16;  // luma pixels, the size of a macroblock: survives lossy coding
constexpr int kColumns = 32;
constexpr int kRows = 2;
constexpr std::uint8_t kSync = 0xA5;
constexpr std::uint8_t kWhite = 235;
constexpr std::uint8_t kBlack = 16;
constexpr std::uint8_t kThreshold = 126;
constexpr std::uint8_t kGrey = 128;
/// Of any picture, so that eight times it is a number still.
constexpr int kMaxWidth = 1 << 16;

using Bytes = std::array<std::uint8_t, 8>;
static_assert(kColumns * kCell == kWidth && kRows * kCell == kHeight);
static_assert(kColumns * kRows == 8 * int{std::tuple_size_v<Bytes>});

std::uint8_t checksum(const Bytes& bytes) { return crc8(std::span(bytes).first<7>()); }

Bytes encode(const Stamp& stamp) {
  Bytes bytes{kSync,
              static_cast<std::uint8_t>(stamp.frame >> 8),
              static_cast<std::uint8_t>(stamp.frame),
              static_cast<std::uint8_t>(stamp.timeUs >> 24),
              static_cast<std::uint8_t>(stamp.timeUs >> 16),
              static_cast<std::uint8_t>(stamp.timeUs >> 8),
              static_cast<std::uint8_t>(stamp.timeUs),
              0};
  bytes.back() = checksum(bytes);
  return bytes;
}

std::optional<Stamp> decode(const Bytes& bytes) {
  if (bytes.front() != kSync || bytes.back() != checksum(bytes)) return std::nullopt;
  const auto at = [&bytes](int i) { return static_cast<std::uint32_t>(bytes[i]); };
  return Stamp{static_cast<std::uint16_t>(at(1) << 8 | at(2)),
               at(3) << 24 | at(4) << 16 | at(5) << 8 | at(6)};
}

// From where to where the central half of cell `i` reaches in the scaled picture, at least a pixel.
struct Span {
  int from;
  int to;
};
Span centre(int i, int width, int nominalWidth) {
  const auto scaled = [&](int quarters) {
    return static_cast<int>(std::int64_t{quarters} * (kCell / 4) * width / nominalWidth);
  };
  const int from = scaled(4 * i + 1);
  return {from, std::max(from + 1, scaled(4 * i + 3))};
}

bool isWhite(const std::uint8_t* luma, int stride, Span x, Span y) {
  std::int64_t sum = 0;
  for (int row = y.from; row < y.to; ++row) {
    const std::uint8_t* samples = luma + static_cast<std::ptrdiff_t>(row) * stride;
    for (int column = x.from; column < x.to; ++column) sum += samples[column];
  }
  return sum >= std::int64_t{kThreshold} * (x.to - x.from) * (y.to - y.from);
}

}  // namespace

void write(std::uint8_t* luma, int stride, const Stamp& stamp) {
  assert(stride >= kWidth);
  const Bytes bytes = encode(stamp);
  for (int row = 0; row < kRows; ++row) {
    std::uint8_t* first = luma + static_cast<std::ptrdiff_t>(row) * kCell * stride;
    for (int column = 0; column < kColumns; ++column) {
      const int bit = row * kColumns + column;
      const bool set = (bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
      std::memset(first + std::ptrdiff_t{column} * kCell, set ? kWhite : kBlack, kCell);
    }
    for (int y = 1; y < kCell; ++y) {
      std::memcpy(first + static_cast<std::ptrdiff_t>(y) * stride, first, kWidth);
    }
  }
}

void neutralChroma(std::uint8_t* u, int strideU, std::uint8_t* v, int strideV) {
  for (std::ptrdiff_t y = 0; y < kHeight / 2; ++y) {
    std::memset(u + y * strideU, kGrey, kWidth / 2);
    std::memset(v + y * strideV, kGrey, kWidth / 2);
  }
}

std::optional<Stamp> read(const std::uint8_t* luma, int stride, int width, int height,
                          int nominalWidth) {
  if (luma == nullptr || width <= 0 || stride < width || nominalWidth < kWidth) return std::nullopt;
  if (centre(kColumns - 1, width, nominalWidth).to > width) return std::nullopt;
  if (centre(kRows - 1, width, nominalWidth).to > height) return std::nullopt;
  Bytes bytes{};
  for (int bit = 0; bit < kRows * kColumns; ++bit) {
    const Span x = centre(bit % kColumns, width, nominalWidth);
    const Span y = centre(bit / kColumns, width, nominalWidth);
    if (isWhite(luma, stride, x, y)) bytes[bit / 8] |= 0x80U >> (bit % 8);
  }
  return decode(bytes);
}

std::optional<Stamp> readAdapted(const std::uint8_t* luma, int stride, int width, int height) {
  if (width <= 0 || width > kMaxWidth) return std::nullopt;
  for (const int sixteenths : {16, 12, 8, 6, 4, 3, 2}) {
    if (const auto stamp = read(luma, stride, width, height, width * 16 / sixteenths)) return stamp;
  }
  return std::nullopt;
}

std::uint32_t ageUs(const Stamp& stamp, std::int64_t nowUs) {
  return static_cast<std::uint32_t>(nowUs) - stamp.timeUs;
}

}  // namespace rtcpub::stamp
