#pragma once

#include "core/source/source_uri.h"
#include "media/playback/recipe.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

Result<Recipe> recipeOf(const source_uri::V4l2& v4l2, const VideoOpenOptions& options);
Result<Recipe> recipeOf(const source_uri::Csi& csi, const VideoOpenOptions& options);
Result<Recipe> recipeOf(const source_uri::Libcamera& libcamera, const VideoOpenOptions& options);
Result<Recipe> recipeOf(const source_uri::Screen& screen, const VideoOpenOptions& options);

}  // namespace rtcpub::media
