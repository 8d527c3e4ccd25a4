#include "media/recipes/file_recipe.h"

#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include "media/recipes/mp4_index.h"
#include "media/recipes/pipeline_parser.h"
#include "media/recipes/pipeline_text.h"
#include "media/recipes/wishes.h"

namespace rtcpub::media {

namespace {

Result<void> checkFile(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    if (error && error != std::errc::no_such_file_or_directory) {
      return fail(ErrorCode::kNotFound, path + " can't be reached: " + error.message());
    }
    return fail(ErrorCode::kNotFound, "There is no file " + path);
  }
  if (!std::filesystem::is_regular_file(status)) {
    return fail(ErrorCode::kNotFound, path + " is not a file");
  }
  if (std::ifstream file(path, std::ios::binary); lacksIndex(file)) {
    return fail(ErrorCode::kMedia,
                path +
                    " is cut off, or its recording was not finished: it has no index (moov). "
                    "Copy it once more when the recorder has stopped; what is broken for good "
                    "can be repaired by untrunc, with the help of a whole file of the same "
                    "camera");
  }
  return {};
}

// The decoder knows its pads only when it has seen the file, and again each time that it begins
// anew.
void onDecodedPad(GstElement* /*decoder*/, GstPad* pad, gpointer entry) {
  const Owned<GstPad> target(gst_element_get_static_pad(GST_ELEMENT(entry), "sink"));
  if (gst_pad_is_linked(target.get()) == FALSE) (void)gst_pad_link(pad, target.get());
}

// Data comes when all of the file's streams are known: whether H264 is among them.
GstPadProbeReturn onOtherData(GstPad* pad, GstPadProbeInfo* info, gpointer entry) {
  const bool event = (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0;
  if (event && GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_EOS) {
    return GST_PAD_PROBE_OK;
  }
  const Owned<GstPad> target(gst_element_get_static_pad(GST_ELEMENT(entry), "sink"));
  const Owned<GstElement> parser(gst_pad_get_parent_element(pad));
  if (parser && gst_pad_is_linked(target.get()) == FALSE) {
    gst_element_post_message(
        parser.get(), gst_message_new_application(GST_OBJECT(parser.get()),
                                                  gst_structure_new_empty(kOtherCodecMessage)));
  }
  return GST_PAD_PROBE_REMOVE;
}

void onParsedPad(GstElement* parser, GstPad* pad, gpointer entry) {
  const Owned<GstCaps> caps(gst_pad_query_caps(pad, nullptr));
  const Owned<GstCaps> h264(gst_caps_new_empty_simple("video/x-h264"));
  if (gst_caps_is_empty(caps.get()) == FALSE &&
      gst_caps_is_subset(caps.get(), h264.get()) != FALSE) {
    return onDecodedPad(parser, pad, entry);
  }
  constexpr auto kData = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_DATA_DOWNSTREAM);
  gst_pad_add_probe(pad, kData, onOtherData, gst_object_ref(entry), gst_object_unref);
}

// Raw video is told apart here: decodebin takes a sixth of a second to find out what it is.
bool isY4m(const std::string& path) {
  constexpr std::string_view kMagic = "YUV4MPEG2 ";
  std::string begin(kMagic.size(), '\0');
  std::ifstream(path, std::ios::binary)
      .read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin == kMagic;
}

void linkLatePads(const Owned<GstElement>& pipeline, bool encoded) {
  const auto parser = elementOf(pipeline, kParserName);
  const auto entry = elementOf(pipeline, kEntryName);
  g_signal_connect_object(parser.get(), "pad-added",
                          encoded ? G_CALLBACK(onParsedPad) : G_CALLBACK(onDecodedPad), entry.get(),
                          GConnectFlags{});
}

Result<BuiltPipeline> build(const source_uri::File& file, bool y4m, bool encoded) {
  // It may have gone since it was played last.
  if (auto readable = checkFile(file.path); !readable) return tl::unexpected(readable.error());
  auto pipeline =
      parsePipeline(encoded ? encodedFile() : decodedFile(file.options, y4m), file.path);
  if (!pipeline) return tl::unexpected(pipeline.error());
  g_object_set(elementOf(*pipeline, kSourceName).get(), "location", file.path.c_str(), nullptr);
  if (!y4m) linkLatePads(*pipeline, encoded);
  return BuiltPipeline{*std::move(pipeline), encoded};
}

}  // namespace

Result<Recipe> recipeOf(const source_uri::File& file, const VideoOpenOptions& options) {
  if (auto readable = checkFile(file.path); !readable) return tl::unexpected(readable.error());
  const bool y4m = isY4m(file.path);
  Recipe recipe{.subject = file.path, .stamp = file.options.stamp, .loop = true};
  recipe.mayCome = false;
  recipe.passThrough = !y4m && maySendEncoded(file.options, options);
  recipe.decodesAfterFailure = true;
  recipe.build = [file, y4m](bool mayBeEncoded) { return build(file, y4m, mayBeEncoded); };
  return recipe;
}

}  // namespace rtcpub::media
