#include "peer/track_source.h"

#include "api/video/video_frame.h"
#include "peer/pass_through.h"
#include "peer/video_buffers.h"

namespace rtcpub::peer {

void TrackSource::push(const VideoFrame& frame) {
  encoding_->comesEncoded = false;
  // libwebrtc's clock is CLOCK_MONOTONIC in microseconds, too.
  const auto timeUs = frame.time.time_since_epoch().count();
  int width = 0;
  int height = 0;
  int cropWidth = 0;
  int cropHeight = 0;
  int cropX = 0;
  int cropY = 0;
  if (!AdaptFrame(frame.width, frame.height, timeUs, &width, &height, &cropWidth, &cropHeight,
                  &cropX, &cropY)) {
    return;
  }
  auto buffer = toEngine(frame);
  if (width != frame.width || height != frame.height) {
    buffer = buffer->CropAndScale(cropX, cropY, cropWidth, cropHeight, width, height);
  }
  OnFrame(webrtc::VideoFrame::Builder()
              .set_video_frame_buffer(buffer)
              .set_timestamp_us(timeUs)
              .set_id(frame.scene)
              .build());
}

void TrackSource::push(const EncodedFrame& frame) {
  encoding_->comesEncoded = true;
  encoding_->encoded.push(frame);
  OnFrame(webrtc::VideoFrame::Builder()
              .set_video_frame_buffer(encodedPlaceholder(frame.width, frame.height))
              .set_timestamp_us(frame.time.time_since_epoch().count())
              .build());
}

}  // namespace rtcpub::peer
