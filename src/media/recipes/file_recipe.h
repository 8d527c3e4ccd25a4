#pragma once

#include "core/source/source_uri.h"
#include "media/playback/recipe.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Of a file, looped. Errors: kNotFound.
Result<Recipe> recipeOf(const source_uri::File& file, const VideoOpenOptions& options);

}  // namespace rtcpub::media
