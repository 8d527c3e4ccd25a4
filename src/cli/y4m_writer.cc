#include "cli/y4m_writer.h"

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "cli/output.h"

namespace rtcpub::cli {
namespace {

void appendPlane(std::string& out, const Plane& plane, int width, int height) {
  for (int y = 0; y < height; ++y) {
    out.append(
        reinterpret_cast<const char*>(plane.data) + static_cast<std::ptrdiff_t>(y) * plane.stride,
        static_cast<std::size_t>(width));
  }
}

/// One of the two interleaved chroma planes of NV12: 0 is U, 1 is V.
void appendInterleaved(std::string& out, const Plane& plane, int width, int height, int which) {
  for (int y = 0; y < height; ++y) {
    const auto* row = plane.data + static_cast<std::ptrdiff_t>(y) * plane.stride;
    for (int x = 0; x < width; ++x) out.push_back(static_cast<char>(row[2 * x + which]));
  }
}

}  // namespace

Result<Y4mWriter> Y4mWriter::open(const std::string& path) {
  if (path == "-") return Y4mWriter(stdout);
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    return fail(ErrorCode::kIo,
                "cannot write " + path + ": " + std::generic_category().message(errno));
  }
  return Y4mWriter(file);
}

Result<void> Y4mWriter::write(const VideoFrame& frame) {
  std::string out;
  if (width_ == 0) {
    width_ = frame.width;
    height_ = frame.height;
    out = "YUV4MPEG2 W" + std::to_string(width_) + " H" + std::to_string(height_) +
          " F30:1 Ip A1:1 C420jpeg\n";
  }
  if (frame.width != width_ || frame.height != height_) {
    if (!complained_) {
      complain("the picture's size changed to " + std::to_string(frame.width) + "x" +
               std::to_string(frame.height) +
               ": y4m has one size, pictures of another are left out");
    }
    complained_ = true;
    return {};
  }
  out += "FRAME\n";
  appendPlane(out, frame.planes[0], width_, height_);
  for (const int which : {0, 1}) {
    if (frame.format == PixelFormat::kNv12) {
      appendInterleaved(out, frame.planes[1], width_ / 2, height_ / 2, which);
    } else {
      appendPlane(out, frame.planes[static_cast<std::size_t>(which) + 1], width_ / 2, height_ / 2);
    }
  }
  if (std::fwrite(out.data(), 1, out.size(), file_.get()) != out.size() ||
      std::fflush(file_.get()) != 0) {
    return fail(ErrorCode::kIo,
                std::string("cannot write the video: ") + std::generic_category().message(errno));
  }
  return {};
}

}  // namespace rtcpub::cli
