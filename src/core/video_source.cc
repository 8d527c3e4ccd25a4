#include "rtcpub/video_source.h"

#include <utility>

namespace rtcpub {

void VideoSource::connect(std::function<void(const VideoFrame&)> sink) {
  std::lock_guard lock(mutex_);
  sink_ = std::move(sink);
}

void VideoSource::push(const VideoFrame& frame) {
  // Held during the call, so that connect() waits for a push that is under way.
  std::lock_guard lock(mutex_);
  if (sink_) sink_(frame);
}

}  // namespace rtcpub
