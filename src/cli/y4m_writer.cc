#include "cli/y4m_writer.h"

namespace rtcpub::cli {

Result<void> Y4mWriter::begin(const VideoFrame& first, int fps, const std::stop_token& stop) {
  if (!size_) size_ = PictureSize{first.width, first.height};
  return sink_.write("YUV4MPEG2 W" + std::to_string(size_->width) + " H" +
                         std::to_string(size_->height) + " F" + std::to_string(fps) +
                         ":1 Ip A1:1 C420jpeg\n",
                     stop);
}

Result<void> Y4mWriter::write(const VideoFrame& frame, const std::stop_token& stop) {
  last_ = "FRAME\n" + planesOf(frame, size_->width, size_->height);
  return sink_.write(last_, stop);
}

}  // namespace rtcpub::cli
