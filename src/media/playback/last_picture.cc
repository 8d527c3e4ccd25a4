#include "media/playback/last_picture.h"

#include <cstring>
#include <memory>
#include <vector>

namespace rtcpub::media {

VideoFrame copyOf(const VideoFrame& picture) {
  const std::size_t planes = picture.format == PixelFormat::kNv12 ? 2 : 3;
  const auto size = static_cast<std::size_t>(picture.width) * picture.height;
  const auto memory = std::make_shared<std::vector<std::uint8_t>>(size * 3 / 2);
  VideoFrame copy = picture;
  std::uint8_t* to = memory->data();
  for (std::size_t i = 0; i < planes; ++i) {
    const bool chroma = i > 0;
    const int width = chroma && planes == 3 ? picture.width / 2 : picture.width;
    const int rows = chroma ? picture.height / 2 : picture.height;
    copy.planes.at(i) = {to, width};
    for (std::ptrdiff_t row = 0; row < rows; ++row, to += width) {
      std::memcpy(to, picture.planes.at(i).data + row * picture.planes.at(i).stride, width);
    }
  }
  copy.owner = memory;
  return copy;
}

}  // namespace rtcpub::media
