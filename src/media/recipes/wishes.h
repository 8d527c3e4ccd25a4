#pragma once

#include "core/source/source_options.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Whether encoded video may be sent as it comes: nothing was asked for that needs its pictures.
inline bool maySendEncoded(const source_uri::Options& options, const VideoOpenOptions& open) {
  return open.passThrough && !options.size && !options.fps && !options.flip &&
         options.format.empty() && !options.stamp;
}

/// The same of a camera, which can yield H264 of the size and rate that are asked for.
inline bool maySendEncodedCamera(const source_uri::Options& options, const VideoOpenOptions& open) {
  const bool turned = options.flip && *options.flip != source_uri::Flip::kNone;
  const bool format = options.format.empty() || options.format == "h264";
  return open.passThrough && !turned && format && !options.stamp;
}

}  // namespace rtcpub::media
