#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

#include "core/measure/stamp.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Keeps what a source pushes, for tests. Any thread.
class Collector {
 public:
  explicit Collector(VideoSource& source) : source_(source) {
    source.connect({.frame = [this](const VideoFrame& frame) { keep(frames_, frame); },
                    .encoded = [this](const EncodedFrame& frame) { keep(encoded_, frame); },
                    .state = [this](const SourceState& state) { keep(states_, state); }});
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
  /// The same of encoded pictures.
  bool waitForEncoded(std::size_t count) {
    std::unique_lock lock(mutex_);
    return more_.wait_for(lock, std::chrono::seconds(60), [&] { return encoded_.size() >= count; });
  }
  std::vector<EncodedFrame> encoded() {
    std::lock_guard lock(mutex_);
    return encoded_;
  }
  /// The same of states.
  bool waitForStates(std::size_t count) {
    std::unique_lock lock(mutex_);
    return more_.wait_for(lock, std::chrono::seconds(60), [&] { return states_.size() >= count; });
  }
  std::vector<SourceState> states() {
    std::lock_guard lock(mutex_);
    return states_;
  }

 private:
  template <class T>
  void keep(std::vector<T>& list, const T& item) {
    std::lock_guard lock(mutex_);
    list.push_back(item);
    more_.notify_all();
  }

  VideoSource& source_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<VideoFrame> frames_;
  std::vector<EncodedFrame> encoded_;
  std::vector<SourceState> states_;
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
