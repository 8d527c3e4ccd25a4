#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/video_frame.h"

namespace rtcpub::cli {

/// A picture's width and height in pixels, even.
struct PictureSize {
  int width = 0;
  int height = 0;
  friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

/// "WIDTHxHEIGHT", 2x2 to 8192x8192. Errors: nothing for anything else, and for odd sides.
std::optional<PictureSize> parsePictureSize(std::string_view text);

/// One plane of 8-bit samples, without gaps between its rows.
struct Samples {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> data;
};

/// Scales a plane to another size; each sample is the weighted mean of those around its place.
/// Pure.
Samples scaled(const Samples& from, int width, int height);

/// Where a picture is put within another size: as large as it fits, in the middle, all even. A
/// shape that differs by rounding only fills it. Pure.
struct Placement {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  friend bool operator==(const Placement&, const Placement&) = default;
};
Placement placementOf(int fromWidth, int fromHeight, int width, int height);

/// A frame's three planes, Y, U, V, in this size (even), one behind the other; black beside it
/// where the shapes differ. Pure.
std::string planesOf(const VideoFrame& frame, int width, int height);

}  // namespace rtcpub::cli
