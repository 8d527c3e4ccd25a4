#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

#include "core/stamp.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Keeps what a source pushes, for tests. Any thread.
class Collector {
 public:
  explicit Collector(VideoSource& source) : source_(source) {
    source.connect([this](const VideoFrame& frame) {
      std::lock_guard lock(mutex_);
      frames_.push_back(frame);
      more_.notify_all();
    });
  }
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  ~Collector() { source_.connect({}); }

  /// Whether so many came, in a time that no machine should need.
  bool waitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    return more_.wait_for(lock, std::chrono::seconds(60), [&] { return frames_.size() >= count; });
  }
  std::size_t count() {
    std::lock_guard lock(mutex_);
    return frames_.size();
  }
  std::vector<VideoFrame> frames() {
    std::lock_guard lock(mutex_);
    return frames_;
  }

 private:
  VideoSource& source_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<VideoFrame> frames_;
};

/// Starts the source, waits for so many frames and stops it.
inline std::vector<VideoFrame> collect(VideoSource& source, std::size_t count) {
  Collector collector(source);
  if (!source.start()) return {};
  (void)collector.waitFor(count);
  source.stop();
  auto frames = collector.frames();
  frames.resize(std::min(frames.size(), count));
  return frames;
}

inline std::optional<stamp::Stamp> readStamp(const VideoFrame& frame) {
  return stamp::read(frame.planes[0].data, frame.planes[0].stride, frame.width, frame.height,
                     frame.width);
}

}  // namespace rtcpub::media
