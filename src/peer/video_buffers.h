#pragma once

#include "api/scoped_refptr.h"
#include "api/video/video_frame.h"
#include "api/video/video_frame_buffer.h"
#include "rtcpub/video_frame.h"

/// Pictures between this project and libwebrtc, without copying samples. Any thread.
namespace rtcpub::peer {

/// The picture as libwebrtc takes it; holds the frame's `owner`.
rtc::scoped_refptr<webrtc::VideoFrameBuffer> toEngine(const VideoFrame& frame);

/// A picture on its way to an encoder of ours, as it is, or as I420 if it is neither that nor NV12.
VideoFrame viewOf(const webrtc::VideoFrame& frame);

/// A decoded picture, upright and as I420; copied only if it isn't so already. Its `time` is left
/// open. Without a picture (`owner` is null) when it can't be converted.
VideoFrame fromEngine(const webrtc::VideoFrame& decoded);

}  // namespace rtcpub::peer
