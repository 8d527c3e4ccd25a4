#pragma once

#include <cstdint>
#include <memory>

#include "rtcpub/video_frame.h"

namespace rtcpub {

/// The memory of one I420 picture. One thread writes it; after toFrame() it must not change.
class FrameBuffer {
 public:
  /// Both sides are positive and even. The samples are not initialized.
  FrameBuffer(int width, int height);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] std::uint8_t* y() { return memory_.get(); }
  [[nodiscard]] std::uint8_t* u() { return memory_.get() + sizeY_; }
  [[nodiscard]] std::uint8_t* v() { return memory_.get() + sizeY_ + sizeU_; }
  [[nodiscard]] int strideY() const { return strideY_; }
  [[nodiscard]] int strideU() const { return strideU_; }
  [[nodiscard]] int strideV() const { return strideU_; }

 private:
  struct Free {
    void operator()(std::uint8_t* memory) const;
  };
  int width_;
  int height_;
  int strideY_;
  int strideU_;
  std::size_t sizeY_;
  std::size_t sizeU_;
  std::unique_ptr<std::uint8_t, Free> memory_;
};

/// A picture that shows the buffer's samples and keeps them.
VideoFrame toFrame(const std::shared_ptr<FrameBuffer>& buffer, Time time);

/// Buffers of one size that are used again when nobody refers to them any more, so that a source
/// allocates only until as many exist as are in flight. Any thread; the buffers may outlive it.
class FramePool {
 public:
  FramePool(int width, int height);
  [[nodiscard]] std::shared_ptr<FrameBuffer> take();

 private:
  struct Shelf;
  int width_;
  int height_;
  std::shared_ptr<Shelf> shelf_;
};

}  // namespace rtcpub
