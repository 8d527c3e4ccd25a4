#pragma once

#include <gst/video/video.h>

#include "media/gst/gst_owned.h"
#include "rtcpub/video_frame.h"

/// Pictures as GStreamer's buffers, without a copy where that is possible.
namespace rtcpub::media {

GstVideoFormat toGst(PixelFormat format);

/// A buffer that shows the picture's memory and keeps it. `plain`: whoever takes it may not
/// understand GstVideoMeta, so a picture whose rows lie in another way than GStreamer's usual one
/// is copied.
Owned<GstBuffer> toGst(const VideoFrame& frame, bool plain);

}  // namespace rtcpub::media
