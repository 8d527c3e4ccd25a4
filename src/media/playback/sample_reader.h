#pragma once

#include <gst/video/video.h>

#include <memory>
#include <optional>

#include "core/video/frame_buffer.h"
#include "media/gst/gst_owned.h"
#include "rtcpub/video_frame.h"

namespace rtcpub::media {

/// Makes pictures of GStreamer's samples: without a copy, or stamped in memory of its own, because
/// a decoder may still refer to a buffer that it has given out.
///
/// Runs on: one thread at a time.
class SampleReader {
 public:
  explicit SampleReader(bool stamp) : stamp_(stamp) {}

  /// The picture, taken at `time`. Nothing for a sample that isn't video, or can't be mapped.
  std::optional<VideoFrame> read(GstSample* sample, Time time);

 private:
  bool learnFormat(GstCaps* caps);
  VideoFrame stamped(const VideoFrame& picture);

  const bool stamp_;
  Owned<GstCaps> caps_;  // what info_ was made of
  GstVideoInfo info_{};
  std::optional<FramePool> pool_;  // of the size in info_
  std::uint16_t counter_ = 0;
};

}  // namespace rtcpub::media
