#include "cli/picture_scaler.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <utility>

namespace rtcpub::cli {
namespace {

constexpr std::uint8_t kBlackLuma = 16;
constexpr std::uint8_t kGreyChroma = 128;
constexpr int kLongestSide = 8192;
constexpr double kRounding = 0.02;  // of a shape that is meant to be the same

/// The samples of one row or column that make one of the new size.
struct Mix {
  int first = 0;
  std::vector<float> weights;  // their sum is 1
};

/// A triangle over what one new sample covers, at least over its two neighbours.
std::vector<Mix> mixesOf(int from, int to) {
  const double step = static_cast<double>(from) / to;
  const double reach = std::max(1.0, step);
  std::vector<Mix> mixes(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double middle = (i + 0.5) * step - 0.5;
    const int first = std::max(0, static_cast<int>(std::ceil(middle - reach)));
    const int last = std::min(from - 1, static_cast<int>(std::floor(middle + reach)));
    Mix mix{.first = first, .weights = {}};
    double sum = 0;
    for (int at = first; at <= last; ++at) sum += 1 - std::abs(at - middle) / reach;
    for (int at = first; at <= last; ++at) {
      const double weight = sum > 0 ? (1 - std::abs(at - middle) / reach) / sum : 1.0;
      mix.weights.push_back(static_cast<float>(weight));
    }
    mixes[static_cast<std::size_t>(i)] = std::move(mix);
  }
  return mixes;
}

/// Every row in the new width.
std::vector<float> widened(const Samples& from, int width) {
  const auto mixes = mixesOf(from.width, width);
  std::vector<float> rows(static_cast<std::size_t>(width) * static_cast<std::size_t>(from.height));
  auto out = rows.begin();
  for (int y = 0; y < from.height; ++y) {
    const auto* row = from.data.data() + static_cast<std::ptrdiff_t>(y) * from.width;
    for (const Mix& mix : mixes) {
      const auto* sample = row + mix.first;
      float sum = 0;
      for (const float weight : mix.weights) sum += weight * static_cast<float>(*sample++);
      *out++ = sum;
    }
  }
  return rows;
}

/// Plane `which` of a frame: 0 is Y, 1 is U, 2 is V.
Samples planeOf(const VideoFrame& frame, int which) {
  const bool chroma = which > 0;
  Samples plane{.width = chroma ? frame.width / 2 : frame.width,
                .height = chroma ? frame.height / 2 : frame.height,
                .data = {}};
  const bool interleaved = chroma && frame.format == PixelFormat::kNv12;
  const Plane& from = frame.planes[interleaved ? 1 : static_cast<std::size_t>(which)];
  plane.data.reserve(static_cast<std::size_t>(plane.width) *
                     static_cast<std::size_t>(plane.height));
  for (int y = 0; y < plane.height; ++y) {
    const auto* row = from.data + static_cast<std::ptrdiff_t>(y) * from.stride;
    if (!interleaved) {
      plane.data.insert(plane.data.end(), row, row + plane.width);
      continue;
    }
    for (int x = 0; x < plane.width; ++x) plane.data.push_back(row[2 * x + which - 1]);
  }
  return plane;
}

void append(std::string& out, const Samples& plane) {
  out.append(reinterpret_cast<const char*>(plane.data.data()), plane.data.size());
}

/// Puts a plane into a larger one that is filled with `around`.
Samples framed(const Samples& plane, int x, int y, int width, int height, std::uint8_t around) {
  Samples large{.width = width, .height = height, .data = {}};
  large.data.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), around);
  for (int row = 0; row < plane.height; ++row) {
    std::copy_n(plane.data.begin() + static_cast<std::ptrdiff_t>(row) * plane.width, plane.width,
                large.data.begin() + static_cast<std::ptrdiff_t>(y + row) * width + x);
  }
  return large;
}

std::optional<int> parseSide(std::string_view text) {
  int side = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || side < 2 || side > kLongestSide || side % 2 != 0) return std::nullopt;
  return side;
}

int evenSide(double side, int most) {
  return std::clamp(2 * static_cast<int>(std::lround(side / 2)), 2, most);
}

}  // namespace

std::optional<PictureSize> parsePictureSize(std::string_view text) {
  const auto by = text.find('x');
  if (by == std::string_view::npos) return std::nullopt;
  const auto width = parseSide(text.substr(0, by));
  const auto height = parseSide(text.substr(by + 1));
  return width && height ? std::optional(PictureSize{*width, *height}) : std::nullopt;
}

Samples scaled(const Samples& from, int width, int height) {
  if (from.width == width && from.height == height) return from;
  const auto rows = widened(from, width);
  Samples to{.width = width, .height = height, .data = {}};
  to.data.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  std::vector<float> sums(static_cast<std::size_t>(width));
  for (const Mix& mix : mixesOf(from.height, height)) {
    std::ranges::fill(sums, 0.5F);  // rounds
    const auto* row = rows.data() + static_cast<std::ptrdiff_t>(mix.first) * width;
    for (const float weight : mix.weights) {
      for (auto& sum : sums) sum += weight * *row++;
    }
    for (const float sum : sums) to.data.push_back(static_cast<std::uint8_t>(sum));
  }
  return to;
}

Placement placementOf(int fromWidth, int fromHeight, int width, int height) {
  const double shape = static_cast<double>(fromWidth) / fromHeight;
  const double wanted = static_cast<double>(width) / height;
  if (std::abs(shape / wanted - 1) < kRounding) return {0, 0, width, height};
  Placement placement{.width = width, .height = height};
  if (shape > wanted) {
    placement.height = evenSide(width / shape, height);
  } else {
    placement.width = evenSide(height * shape, width);
  }
  placement.x = (width - placement.width) / 4 * 2;
  placement.y = (height - placement.height) / 4 * 2;
  return placement;
}

std::string planesOf(const VideoFrame& frame, int width, int height) {
  const Placement placement = placementOf(frame.width, frame.height, width, height);
  std::string out;
  out.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3 / 2);
  for (int which = 0; which < 3; ++which) {
    const int part = which == 0 ? 1 : 2;
    const auto plane =
        scaled(planeOf(frame, which), placement.width / part, placement.height / part);
    if (plane.width == width / part && plane.height == height / part) {
      append(out, plane);
      continue;
    }
    append(out, framed(plane, placement.x / part, placement.y / part, width / part, height / part,
                       which == 0 ? kBlackLuma : kGreyChroma));
  }
  return out;
}

}  // namespace rtcpub::cli
