#include "media/encoders/picture_buffer.h"

#include <array>
#include <cstring>

namespace rtcpub::media {

namespace {

int planesOf(PixelFormat format) { return format == PixelFormat::kNv12 ? 2 : 3; }

// The bytes of a plane, from the first of its first row to the last of its last row's stride.
gsize planeSize(const VideoFrame& frame, int plane) {
  const gsize rows = plane == 0 ? frame.height : frame.height / 2;
  return frame.planes.at(plane).stride * rows;
}

void keep(GstBuffer* buffer, const VideoFrame& frame, const std::uint8_t* data, gsize size) {
  const auto release = [](gpointer kept) { delete static_cast<VideoFrame*>(kept); };
  gst_buffer_append_memory(
      buffer, gst_memory_new_wrapped(GST_MEMORY_FLAG_READONLY, const_cast<std::uint8_t*>(data),
                                     size, 0, size, new VideoFrame(frame), release));
}

bool isPlain(const VideoFrame& frame, const GstVideoInfo& info) {
  for (int i = 0; i < planesOf(frame.format); ++i) {
    if (frame.planes.at(i).stride != GST_VIDEO_INFO_PLANE_STRIDE(&info, i)) return false;
    if (frame.planes.at(i).data != frame.planes[0].data + GST_VIDEO_INFO_PLANE_OFFSET(&info, i)) {
      return false;
    }
  }
  return true;
}

void copyPlane(const Plane& from, std::uint8_t* to, int stride, int width, int height) {
  for (std::ptrdiff_t row = 0; row < height; ++row) {
    std::memcpy(to + row * stride, from.data + row * from.stride, width);
  }
}

Owned<GstBuffer> copied(const VideoFrame& frame, GstVideoInfo& info) {
  Owned<GstBuffer> buffer(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr));
  GstVideoFrame target;
  if (!buffer || gst_video_frame_map(&target, &info, buffer.get(), GST_MAP_WRITE) == FALSE) {
    return nullptr;
  }
  for (int i = 0; i < planesOf(frame.format); ++i) {
    const int width = i == 0 || frame.format == PixelFormat::kNv12 ? frame.width : frame.width / 2;
    copyPlane(
        frame.planes.at(i), static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&target, i)),
        GST_VIDEO_FRAME_PLANE_STRIDE(&target, i), width, i == 0 ? frame.height : frame.height / 2);
  }
  gst_video_frame_unmap(&target);
  return buffer;
}

Owned<GstBuffer> described(const VideoFrame& frame) {
  Owned<GstBuffer> buffer(gst_buffer_new());
  std::array<gsize, GST_VIDEO_MAX_PLANES> offsets{};
  std::array<gint, GST_VIDEO_MAX_PLANES> strides{};
  gsize size = 0;
  for (int i = 0; i < planesOf(frame.format); ++i) {
    offsets.at(i) = size;
    strides.at(i) = frame.planes.at(i).stride;
    keep(buffer.get(), frame, frame.planes.at(i).data, planeSize(frame, i));
    size += planeSize(frame, i);
  }
  gst_buffer_add_video_meta_full(buffer.get(), GST_VIDEO_FRAME_FLAG_NONE, toGst(frame.format),
                                 frame.width, frame.height, planesOf(frame.format), offsets.data(),
                                 strides.data());
  return buffer;
}

}  // namespace

GstVideoFormat toGst(PixelFormat format) {
  return format == PixelFormat::kNv12 ? GST_VIDEO_FORMAT_NV12 : GST_VIDEO_FORMAT_I420;
}

Owned<GstBuffer> toGst(const VideoFrame& frame, bool plain) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, toGst(frame.format), frame.width, frame.height);
  if (isPlain(frame, info)) {
    Owned<GstBuffer> buffer(gst_buffer_new());
    keep(buffer.get(), frame, frame.planes[0].data, GST_VIDEO_INFO_SIZE(&info));
    return buffer;
  }
  return plain ? copied(frame, info) : described(frame);
}

}  // namespace rtcpub::media
