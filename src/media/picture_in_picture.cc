#include "media/picture_in_picture.h"

#include <libyuv.h>

#include <algorithm>
#include <vector>

namespace rtcpub::media {
namespace {

/// Where the insert lies in the picture, in pixels; all even, since chroma has half the size.
struct Place {
  int x;
  int y;
  int width;
  int height;
};

constexpr int kMinSize = 8;

constexpr int even(int size) { return size / 2 * 2; }

/// Nothing when one of the two is too small, or has an extreme form.
std::optional<Place> placeFor(const VideoFrame& picture, const VideoFrame& insert) {
  if (insert.width < 2 || insert.height < 2) return std::nullopt;
  int width = picture.width / 4;
  int height = static_cast<int>(std::int64_t{width} * insert.height / insert.width);
  if (height > picture.height / 2) {
    height = picture.height / 2;
    width = static_cast<int>(std::int64_t{height} * insert.width / insert.height);
  }
  width = even(width);
  height = even(height);
  if (width < kMinSize || height < kMinSize) return std::nullopt;
  const int margin = even(picture.width / 64);
  return Place{.x = picture.width - width - margin,
               .y = std::max(0, picture.height - height - margin),
               .width = width,
               .height = height};
}

/// Three planes to write into.
struct Target {
  std::uint8_t* y;
  std::uint8_t* u;
  std::uint8_t* v;
  int strideY;
  int strideU;
  int strideV;
};

Target targetAt(FrameBuffer& buffer, int x, int y) {
  const auto at = [](std::uint8_t* plane, int stride, int column, int row) {
    return plane + static_cast<std::ptrdiff_t>(stride) * row + column;
  };
  return {.y = at(buffer.y(), buffer.strideY(), x, y),
          .u = at(buffer.u(), buffer.strideU(), x / 2, y / 2),
          .v = at(buffer.v(), buffer.strideV(), x / 2, y / 2),
          .strideY = buffer.strideY(),
          .strideU = buffer.strideU(),
          .strideV = buffer.strideV()};
}

void copy(const VideoFrame& from, const Target& to) {
  const auto& [y, u, v] = from.planes;
  if (from.format == PixelFormat::kNv12) {
    libyuv::NV12ToI420(y.data, y.stride, u.data, u.stride, to.y, to.strideY, to.u, to.strideU, to.v,
                       to.strideV, from.width, from.height);
  } else {
    libyuv::I420Copy(y.data, y.stride, u.data, u.stride, v.data, v.stride, to.y, to.strideY, to.u,
                     to.strideU, to.v, to.strideV, from.width, from.height);
  }
}

/// An NV12 picture is made small first: there are fewer samples to convert then.
void scaleNv12(const VideoFrame& from, const Target& to, int width, int height) {
  std::vector<std::uint8_t> memory(static_cast<std::size_t>(width) * height * 3 / 2);
  std::uint8_t* const y = memory.data();
  std::uint8_t* const uv = y + static_cast<std::ptrdiff_t>(width) * height;
  libyuv::NV12Scale(from.planes[0].data, from.planes[0].stride, from.planes[1].data,
                    from.planes[1].stride, from.width, from.height, y, width, uv, width, width,
                    height, libyuv::kFilterBox);
  libyuv::NV12ToI420(y, width, uv, width, to.y, to.strideY, to.u, to.strideU, to.v, to.strideV,
                     width, height);
}

void scale(const VideoFrame& from, const Target& to, int width, int height) {
  if (from.format == PixelFormat::kNv12) return scaleNv12(from, to, width, height);
  const auto& [y, u, v] = from.planes;
  libyuv::I420Scale(y.data, y.stride, u.data, u.stride, v.data, v.stride, from.width, from.height,
                    to.y, to.strideY, to.u, to.strideU, to.v, to.strideV, width, height,
                    libyuv::kFilterBox);
}

}  // namespace

VideoFrame PictureInPicture::compose(const VideoFrame& picture, const VideoFrame& insert) {
  const auto place = placeFor(picture, insert);
  if (!place) return picture;
  const auto buffer = poolFor(picture).take();
  copy(picture, targetAt(*buffer, 0, 0));
  scale(insert, targetAt(*buffer, place->x, place->y), place->width, place->height);
  VideoFrame composed = toFrame(buffer, picture.time);
  composed.scene = picture.scene;
  return composed;
}

FramePool& PictureInPicture::poolFor(const VideoFrame& picture) {
  if (!pool_ || picture.width != width_ || picture.height != height_) {
    width_ = picture.width;
    height_ = picture.height;
    pool_.emplace(width_, height_);
  }
  return *pool_;
}

}  // namespace rtcpub::media
