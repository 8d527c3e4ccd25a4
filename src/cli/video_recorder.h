#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "cli/video_timing.h"
#include "cli/y4m_writer.h"
#include "rtcpub/subscription.h"

namespace rtcpub::cli {

/// Writes received pictures at a fixed rate, that of the stream's first second, so that they keep
/// their time: while none comes the last one is repeated. The first second goes into a file, and
/// not into a pipe, whose reader would be late by it for ever.
///
/// Runs on: a thread of its own that writes.
class VideoRecorder {
 public:
  /// `failed` is called once if it can't go on, on the thread that writes.
  VideoRecorder(Y4mWriter writer, Subscription<VideoFrame> frames, std::function<void()> failed);

  VideoRecorder(const VideoRecorder&) = delete;
  VideoRecorder& operator=(const VideoRecorder&) = delete;
  ~VideoRecorder() = default;

  /// Why it couldn't go on. Any thread.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  Result<void> record(const std::stop_token& stop);
  [[nodiscard]] std::optional<VideoFrame> next(std::optional<Time> deadline,
                                               const std::stop_token& stop);
  [[nodiscard]] std::vector<VideoFrame> learnRate(RateEstimate& rate, const std::stop_token& stop);
  Result<void> recordFrom(const std::vector<VideoFrame>& begin, int fps,
                          const std::stop_token& stop);
  Result<void> put(const std::optional<VideoFrame>& frame, VideoTiming& timing,
                   const std::stop_token& stop);

  Y4mWriter writer_;
  Subscription<VideoFrame> frames_;
  mutable std::mutex mutex_;
  std::optional<Error> failure_;
  std::jthread thread_;  // the last member: it uses the others
};

}  // namespace rtcpub::cli
