#pragma once

#include "core/source/source_uri.h"
#include "media/playback/recipe.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Of an RTSP server's video.
Result<Recipe> recipeOf(const source_uri::Rtsp& rtsp, const VideoOpenOptions& options);

}  // namespace rtcpub::media
