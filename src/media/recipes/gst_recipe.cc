#include "media/recipes/gst_recipe.h"

#include <utility>

#include "core/text/redact.h"
#include "media/recipes/pipeline_parser.h"
#include "media/recipes/pipeline_text.h"
#include "media/recipes/wishes.h"

namespace rtcpub::media {

namespace {

// Whether a pad yields H264 and nothing else.
bool yieldsH264(GstPad* pad) {
  const Owned<GstCaps> caps(gst_pad_query_caps(pad, nullptr));
  const Owned<GstCaps> h264(gst_caps_new_empty_simple("video/x-h264"));
  return gst_caps_is_empty(caps.get()) == FALSE &&
         gst_caps_is_subset(caps.get(), h264.get()) != FALSE;
}

// The pipeline with an end for H264, if that is what it yields.
Owned<GstElement> buildEncoded(const source_uri::Pipeline& source) {
  auto pipeline = parsePipeline(encodedPipeline(source), "");
  if (!pipeline) return nullptr;
  const Owned<GstPad> entry(
      gst_element_get_static_pad(elementOf(*pipeline, kEntryName).get(), "sink"));
  const Owned<GstPad> end(gst_pad_get_peer(entry.get()));
  return end && yieldsH264(end.get()) ? *std::move(pipeline) : nullptr;
}

// H264 that is to be decoded needs a decoder in front of what raw video needs.
Result<Owned<GstElement>> buildDecoded(const source_uri::Pipeline& source,
                                       const std::string& subject) {
  source_uri::Pipeline decoded = source;
  if (buildEncoded(source)) decoded.description += " ! decodebin";
  return parsePipeline(decodedPipeline(decoded), subject);
}

Result<BuiltPipeline> build(const source_uri::Pipeline& source, const std::string& subject,
                            bool mayBeEncoded) {
  if (mayBeEncoded) {
    if (auto encoded = buildEncoded(source)) return BuiltPipeline{std::move(encoded), true};
  }
  auto pipeline = buildDecoded(source, subject);
  if (!pipeline) return tl::unexpected(pipeline.error());
  return BuiltPipeline{*std::move(pipeline), false};
}

}  // namespace

Result<Recipe> recipeOf(const source_uri::Pipeline& pipeline, const VideoOpenOptions& options) {
  const std::string subject = "The pipeline \"" + redact(pipeline.description) + "\"";
  Recipe recipe{.subject = subject, .stamp = pipeline.options.stamp};
  recipe.passThrough = maySendEncoded(pipeline.options, options);
  recipe.build = [pipeline, subject](bool mayBeEncoded) {
    return build(pipeline, subject, mayBeEncoded);
  };
  return recipe;
}

}  // namespace rtcpub::media
