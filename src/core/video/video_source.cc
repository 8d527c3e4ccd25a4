#include "rtcpub/video_source.h"

#include <utility>

namespace rtcpub {

void VideoSource::connect(VideoSink sink) {
  std::lock_guard lock(mutex_);
  sink_ = std::move(sink);
}

SourceState VideoSource::state() const {
  std::lock_guard lock(stateMutex_);
  return state_;
}

// The lock is held during the calls, so that connect() waits for one that is under way.

void VideoSource::push(const VideoFrame& frame) {
  std::lock_guard lock(mutex_);
  if (sink_.frame) sink_.frame(frame);
}

void VideoSource::push(const EncodedFrame& frame) {
  std::lock_guard lock(mutex_);
  if (sink_.encoded) sink_.encoded(frame);
}

void VideoSource::report(const SourceState& state) {
  {
    std::lock_guard lock(stateMutex_);
    state_ = state;
  }
  std::lock_guard lock(mutex_);
  if (sink_.state) sink_.state(state);
}

}  // namespace rtcpub
