#include "core/video/frame_buffer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <future>
#include <optional>
#include <utility>

namespace rtcpub {
namespace {

TEST(FrameBuffer, HasRoomForThreePlanesThatDoNotOverlap) {
  for (const auto& [width, height] : {std::pair{2, 2}, {1280, 720}, {426, 240}}) {
    FrameBuffer buffer(width, height);
    EXPECT_GE(buffer.strideY(), width);
    EXPECT_GE(buffer.strideU(), width / 2);
    const auto size = [](int stride, int rows) { return static_cast<std::size_t>(stride) * rows; };
    std::memset(buffer.y(), 1, size(buffer.strideY(), height));
    std::memset(buffer.u(), 2, size(buffer.strideU(), height / 2));
    std::memset(buffer.v(), 3, size(buffer.strideV(), height / 2));
    EXPECT_EQ(buffer.y()[size(buffer.strideY(), height) - 1], 1);
    EXPECT_EQ(buffer.u()[size(buffer.strideU(), height / 2) - 1], 2);
  }
}

TEST(FrameBuffer, LivesAsLongAsAFrameOfIt) {
  auto buffer = std::make_shared<FrameBuffer>(64, 32);
  buffer->y()[0] = 42;
  const Time time{std::chrono::microseconds(5)};
  const VideoFrame frame = toFrame(buffer, time);
  const std::weak_ptr<FrameBuffer> watched = buffer;
  buffer.reset();
  EXPECT_FALSE(watched.expired());
  EXPECT_EQ(frame.planes[0].data[0], 42);
  EXPECT_EQ(frame.width, 64);
  EXPECT_EQ(frame.height, 32);
  EXPECT_EQ(frame.format, PixelFormat::kI420);
  EXPECT_EQ(frame.time, time);
}

TEST(FramePool, UsesABufferAgainWhenNoFrameRefersToItAnyMore) {
  FramePool pool(64, 32);
  std::optional<VideoFrame> frame = toFrame(pool.take(), {});
  const std::uint8_t* memory = frame->planes[0].data;
  const auto other = pool.take();
  EXPECT_NE(other->y(), memory);
  frame.reset();
  EXPECT_EQ(pool.take()->y(), memory);
}

TEST(FramePool, MayGoBeforeItsBuffers) {
  std::optional<FramePool> pool(std::in_place, 64, 32);
  const auto buffer = pool->take();
  pool.reset();
  buffer->y()[0] = 1;
  EXPECT_EQ(buffer->width(), 64);
}

TEST(FramePool, TakesBuffersBackFromAnyThread) {
  FramePool pool(64, 32);
  for (int i = 0; i < 100; ++i) {
    auto buffer = pool.take();
    buffer->y()[0] = static_cast<std::uint8_t>(i);
    auto reader = std::async(std::launch::async,
                             [frame = toFrame(buffer, {})] { return frame.planes[0].data[0]; });
    buffer.reset();
    EXPECT_EQ(reader.get(), i);
  }
}

}  // namespace
}  // namespace rtcpub
