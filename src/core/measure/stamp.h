#pragma once

#include <cstdint>
#include <optional>

#include "rtcpub/clock.h"

/// The frame stamp of docs/stamp.md: number and capture time in the picture's own pixels.
namespace rtcpub::stamp {

inline constexpr int kWidth = 512;  ///< luma pixels at the top left
inline constexpr int kHeight = 32;

struct Stamp {
  std::uint16_t frame = 0;
  std::uint32_t timeUs = 0;  ///< CLOCK_MONOTONIC in microseconds modulo 2^32
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

/// Writes into the luma of a picture of at least kWidth x kHeight.
void write(std::uint8_t* luma, int stride, const Stamp& stamp);
/// Makes the stamp's place grey: 256x16 chroma samples in each plane (I420).
void neutralChroma(std::uint8_t* u, int strideU, std::uint8_t* v, int strideV);

/// Reads from a luma plane of `width` x `height` that shows a picture of nominal width
/// `nominalWidth` (the same, or scaled).
std::optional<Stamp> read(const std::uint8_t* luma, int stride, int width, int height,
                          int nominalWidth);

/// Reads from a picture that is shown as it was drawn, or made smaller as encoders are given it on
/// a narrow path: to 3/4, 1/2, 3/8, 1/4, 3/16 or 1/8 of its width.
std::optional<Stamp> readAdapted(const std::uint8_t* luma, int stride, int width, int height);

/// How long ago `stamp` was made, in microseconds modulo 2^32, when the stamping clock reads `now`.
std::uint32_t ageUs(const Stamp& stamp, std::int64_t nowUs);

}  // namespace rtcpub::stamp
