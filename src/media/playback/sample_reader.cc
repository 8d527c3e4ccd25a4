#include "media/playback/sample_reader.h"

#include <array>
#include <cstring>

#include "core/measure/stamp.h"

namespace rtcpub::media {

namespace {

// Keeps a GstBuffer and its mapping.
class Mapping {
 public:
  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (mapped_) gst_video_frame_unmap(&frame_);
  }
  bool map(const GstVideoInfo& info, GstBuffer* buffer) {
    mapped_ = gst_video_frame_map(&frame_, &info, buffer, GST_MAP_READ) != FALSE;
    return mapped_;
  }
  [[nodiscard]] Plane plane(guint i) const {
    return {static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame_, i)),
            GST_VIDEO_FRAME_PLANE_STRIDE(&frame_, i)};
  }
  [[nodiscard]] guint planes() const { return GST_VIDEO_FRAME_N_PLANES(&frame_); }

 private:
  GstVideoFrame frame_{};
  bool mapped_ = false;
};

// A last odd row or column is cut off.
int even(int size) { return size & ~1; }

void copyPlane(const Plane& from, std::uint8_t* to, int stride, int width, int height) {
  for (std::ptrdiff_t row = 0; row < height; ++row) {
    std::memcpy(to + row * stride, from.data + row * from.stride, width);
  }
}

void copyI420(const VideoFrame& from, FrameBuffer& to) {
  copyPlane(from.planes[0], to.y(), to.strideY(), to.width(), to.height());
  copyPlane(from.planes[1], to.u(), to.strideU(), to.width() / 2, to.height() / 2);
  copyPlane(from.planes[2], to.v(), to.strideV(), to.width() / 2, to.height() / 2);
}

}  // namespace

std::optional<VideoFrame> SampleReader::read(GstSample* sample, Time time) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  GstCaps* caps = gst_sample_get_caps(sample);
  if (buffer == nullptr || caps == nullptr || !learnFormat(caps)) return std::nullopt;
  const auto mapping = std::make_shared<Mapping>();
  if (!mapping->map(info_, buffer)) return std::nullopt;
  VideoFrame picture{.width = even(GST_VIDEO_INFO_WIDTH(&info_)),
                     .height = even(GST_VIDEO_INFO_HEIGHT(&info_)),
                     .format = GST_VIDEO_INFO_FORMAT(&info_) == GST_VIDEO_FORMAT_NV12
                                   ? PixelFormat::kNv12
                                   : PixelFormat::kI420,
                     .planes = {},
                     .time = time,
                     .owner = mapping};
  for (guint i = 0; i < mapping->planes(); ++i) picture.planes.at(i) = mapping->plane(i);
  return pool_ ? stamped(picture) : picture;
}

bool SampleReader::learnFormat(GstCaps* caps) {
  if (caps == caps_.get()) return true;
  GstVideoInfo info;
  if (gst_video_info_from_caps(&info, caps) == FALSE) return false;
  const auto format = GST_VIDEO_INFO_FORMAT(&info);
  if (format != GST_VIDEO_FORMAT_I420 && format != GST_VIDEO_FORMAT_NV12) return false;
  const int width = even(GST_VIDEO_INFO_WIDTH(&info));
  const int height = even(GST_VIDEO_INFO_HEIGHT(&info));
  if (width == 0 || height == 0) return false;
  caps_.reset(gst_caps_ref(caps));
  info_ = info;
  pool_.reset();
  const bool fits = width >= stamp::kWidth && height >= stamp::kHeight;
  if (stamp_ && fits && format == GST_VIDEO_FORMAT_I420) pool_.emplace(width, height);
  return true;
}

VideoFrame SampleReader::stamped(const VideoFrame& picture) {
  const auto buffer = pool_->take();
  copyI420(picture, *buffer);
  stamp::neutralChroma(buffer->u(), buffer->strideU(), buffer->v(), buffer->strideV());
  stamp::write(buffer->y(), buffer->strideY(),
               {counter_++, static_cast<std::uint32_t>(picture.time.time_since_epoch().count())});
  return toFrame(buffer, picture.time);
}

}  // namespace rtcpub::media
