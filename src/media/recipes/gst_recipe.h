#pragma once

#include "core/source/source_uri.h"
#include "media/playback/recipe.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Of a pipeline of people's own, which ends in raw video or in H264.
Result<Recipe> recipeOf(const source_uri::Pipeline& pipeline, const VideoOpenOptions& options);

}  // namespace rtcpub::media
