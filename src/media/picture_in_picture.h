#pragma once

#include <optional>

#include "core/video/frame_buffer.h"
#include "rtcpub/video_frame.h"

namespace rtcpub::media {

/// Shows one picture small in the lower right corner of another.
/// Runs on: one thread at a time.
class PictureInPicture {
 public:
  /// A copy of `picture`, in I420, with the insert: a quarter of its width, and never over half of
  /// its height. Time and scene are those of `picture`; one that is too small for an insert comes
  /// back as it is.
  VideoFrame compose(const VideoFrame& picture, const VideoFrame& insert);

 private:
  FramePool& poolFor(const VideoFrame& picture);

  std::optional<FramePool> pool_;
  int width_ = 0;  // of the pool's buffers
  int height_ = 0;
};

}  // namespace rtcpub::media
