#include "peer/video_buffers.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "api/video/i420_buffer.h"

namespace rtcpub::peer {
namespace {

/// 4x2 pixels with rows of 8 bytes; every sample another value.
struct Picture {
  explicit Picture(PixelFormat format) {
    auto memory = std::make_shared<std::vector<std::uint8_t>>(64);
    for (std::size_t i = 0; i < memory->size(); ++i) (*memory)[i] = static_cast<std::uint8_t>(i);
    frame = {4, 2, format, {}, Time(std::chrono::microseconds(7)), 0, {}, memory};
    frame.planes = {Plane{memory->data(), 8}, Plane{memory->data() + 16, 8}};
    if (format == PixelFormat::kI420) frame.planes[2] = {memory->data() + 24, 8};
  }
  VideoFrame frame;
};

TEST(VideoBuffers, ShowAnI420PictureWithoutCopyingAndKeepIt) {
  Picture picture(PixelFormat::kI420);
  auto buffer = toEngine(picture.frame);
  const auto* const i420 = buffer->GetI420();
  ASSERT_TRUE(i420);
  EXPECT_EQ(i420->DataY(), picture.frame.planes[0].data);
  EXPECT_EQ(i420->DataV(), picture.frame.planes[2].data);
  EXPECT_EQ(i420->StrideU(), 8);
  const std::weak_ptr<const void> memory = picture.frame.owner;
  picture.frame = {};
  EXPECT_FALSE(memory.expired());
  buffer = nullptr;
  EXPECT_TRUE(memory.expired());
}

TEST(VideoBuffers, ShowAnNv12PictureWithoutCopyingAndConvertIt) {
  Picture picture(PixelFormat::kNv12);
  auto buffer = toEngine(picture.frame);
  ASSERT_EQ(buffer->type(), webrtc::VideoFrameBuffer::Type::kNV12);
  EXPECT_EQ(buffer->GetNV12()->DataUV(), picture.frame.planes[1].data);
  const auto i420 = buffer->ToI420();
  EXPECT_EQ(i420->DataY()[i420->StrideY()], 8);  // the second row's first sample
  EXPECT_EQ(i420->DataU()[1], 18);
  EXPECT_EQ(i420->DataV()[1], 19);
  const std::weak_ptr<const void> memory = picture.frame.owner;
  picture.frame = {};
  EXPECT_FALSE(memory.expired());
  buffer = nullptr;
  EXPECT_TRUE(memory.expired());
}

webrtc::VideoFrame decoded(rtc::scoped_refptr<webrtc::VideoFrameBuffer> buffer,
                           webrtc::VideoRotation rotation = webrtc::kVideoRotation_0) {
  return webrtc::VideoFrame::Builder()
      .set_video_frame_buffer(std::move(buffer))
      .set_rotation(rotation)
      .build();
}

TEST(VideoBuffers, HandADecodedI420PictureOnWithoutCopying) {
  const auto buffer = webrtc::I420Buffer::Create(4, 2);
  const auto frame = fromEngine(decoded(buffer));
  EXPECT_EQ(frame.width, 4);
  EXPECT_EQ(frame.height, 2);
  EXPECT_EQ(frame.format, PixelFormat::kI420);
  EXPECT_EQ(frame.planes[0].data, buffer->DataY());
  EXPECT_EQ(frame.planes[2].data, buffer->DataV());
  EXPECT_EQ(frame.planes[1].stride, buffer->StrideU());
}

TEST(VideoBuffers, KeepADecodedPictureAsLongAsItsFrame) {
  auto buffer = webrtc::I420Buffer::Create(4, 2);
  webrtc::I420Buffer::SetBlack(buffer.get());
  auto frame = fromEngine(decoded(buffer));
  buffer = nullptr;
  EXPECT_EQ(frame.planes[1].data[0], 128);
  EXPECT_TRUE(frame.owner);
}

TEST(VideoBuffers, PutATurnedPictureUpright) {
  const auto buffer = webrtc::I420Buffer::Create(4, 2);
  const auto frame = fromEngine(decoded(buffer, webrtc::kVideoRotation_90));
  EXPECT_EQ(frame.width, 2);
  EXPECT_EQ(frame.height, 4);
}

}  // namespace
}  // namespace rtcpub::peer
