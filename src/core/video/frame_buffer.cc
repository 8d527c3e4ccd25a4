#include "core/video/frame_buffer.h"

#include <cassert>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace rtcpub {

namespace {

// Rows begin where the widest vector instructions like it.
constexpr int kAlignment = 64;

constexpr int aligned(int size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace

FrameBuffer::FrameBuffer(int width, int height)
    : width_(width),
      height_(height),
      strideY_(aligned(width)),
      strideU_(aligned(width / 2)),
      sizeY_(static_cast<std::size_t>(strideY_) * height),
      sizeU_(static_cast<std::size_t>(strideU_) * (height / 2)),
      memory_(static_cast<std::uint8_t*>(
          ::operator new (sizeY_ + 2 * sizeU_, std::align_val_t{kAlignment}))) {
  assert(width > 0 && height > 0 && width % 2 == 0 && height % 2 == 0);
}

void FrameBuffer::Free::operator()(std::uint8_t* memory) const {
  ::operator delete (memory, std::align_val_t{kAlignment});
}

VideoFrame toFrame(const std::shared_ptr<FrameBuffer>& buffer, Time time) {
  return {.width = buffer->width(),
          .height = buffer->height(),
          .format = PixelFormat::kI420,
          .planes = {Plane{buffer->y(), buffer->strideY()}, Plane{buffer->u(), buffer->strideU()},
                     Plane{buffer->v(), buffer->strideV()}},
          .time = time,
          .owner = buffer};
}

// The free buffers. The lock also orders the last reader's reads before the next writer's writes.
struct FramePool::Shelf {
  std::mutex mutex;
  std::vector<std::unique_ptr<FrameBuffer>> free;

  std::unique_ptr<FrameBuffer> take() {
    std::lock_guard lock(mutex);
    if (free.empty()) return nullptr;
    auto buffer = std::move(free.back());
    free.pop_back();
    return buffer;
  }

  void put(std::unique_ptr<FrameBuffer> buffer) {
    std::lock_guard lock(mutex);
    free.push_back(std::move(buffer));
  }
};

FramePool::FramePool(int width, int height)
    : width_(width), height_(height), shelf_(std::make_shared<Shelf>()) {}

std::shared_ptr<FrameBuffer> FramePool::take() {
  auto buffer = shelf_->take();
  if (!buffer) buffer = std::make_unique<FrameBuffer>(width_, height_);
  return {buffer.release(), [shelf = std::weak_ptr(shelf_)](FrameBuffer* returned) {
            std::unique_ptr<FrameBuffer> owned(returned);
            if (const auto alive = shelf.lock()) alive->put(std::move(owned));
          }};
}

}  // namespace rtcpub
