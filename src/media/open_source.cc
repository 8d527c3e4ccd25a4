#include "media/open_source.h"

#include <utility>

#include "media/gst/gst_init.h"
#include "media/pattern_source.h"
#include "media/playback/pipeline_source.h"
#include "media/recipes/camera_recipes.h"
#include "media/recipes/file_recipe.h"
#include "media/recipes/gst_recipe.h"
#include "media/recipes/rtsp_recipe.h"

namespace rtcpub::media {

namespace {

struct Opener {
  const VideoOpenOptions& options;

  Result<std::shared_ptr<VideoSource>> operator()(const source_uri::Test& test) const {
    return std::make_shared<PatternSource>(test);
  }
  template <class Uri>
  Result<std::shared_ptr<VideoSource>> operator()(const Uri& uri) const {
    if (auto begun = initGStreamer(); !begun) return tl::unexpected(begun.error());
    auto recipe = recipeOf(uri, options);
    if (!recipe) return tl::unexpected(recipe.error());
    return PipelineSource::open(*std::move(recipe), options.wait);
  }
};

}  // namespace

Result<std::shared_ptr<VideoSource>> openSource(const source_uri::SourceUri& uri,
                                                const VideoOpenOptions& options) {
  return std::visit(Opener{options}, uri);
}

}  // namespace rtcpub::media
