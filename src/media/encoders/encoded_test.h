#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "core/video/frame_buffer.h"
#include "core/video/pattern.h"
#include "core/video/video_encoder.h"

/// For tests of encoders: pictures to encode, and what comes out.
namespace rtcpub::media {

inline constexpr int kWidth = 640;
inline constexpr int kHeight = 480;
inline const EncoderSettings kSettings{.width = kWidth, .height = kHeight, .bitrateKbps = 1000};

/// Keeps what an encoder gives out. Any thread.
class Encoded {
 public:
  VideoEncoder::Output output() {
    return [this](const EncodedFrame& frame) {
      const std::lock_guard lock(mutex_);
      frames_.push_back(frame);
      more_.notify_all();
    };
  }
  bool waitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    return more_.wait_for(lock, std::chrono::seconds(60), [&] { return frames_.size() >= count; });
  }
  std::vector<EncodedFrame> frames() {
    const std::lock_guard lock(mutex_);
    return frames_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<EncodedFrame> frames_;
};

/// Draws the reference content into pictures with a time of their own.
class Pictures {
 public:
  VideoFrame next() {
    auto buffer = pool_.take();
    pattern_.draw(number_ % Pattern::kFrames, buffer->y(), buffer->strideY(), buffer->u(),
                  buffer->strideU(), buffer->v(), buffer->strideV());
    return toFrame(buffer, Time(std::chrono::milliseconds(33 * ++number_)));
  }

 private:
  const Pattern pattern_{kWidth, kHeight};
  FramePool pool_{kWidth, kHeight};
  int number_ = 0;
};

}  // namespace rtcpub::media
