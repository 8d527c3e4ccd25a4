#pragma once

#include "rtcpub/video_frame.h"

namespace rtcpub::media {

/// The picture in memory of its own: the device's is free again.
VideoFrame copyOf(const VideoFrame& picture);

}  // namespace rtcpub::media
