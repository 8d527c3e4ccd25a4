#include <filesystem>
#include <utility>

#include "media/recipes/camera_caps.h"
#include "media/recipes/camera_recipes.h"
#include "media/recipes/device_failure.h"
#include "media/recipes/pipeline_parser.h"
#include "media/recipes/pipeline_text.h"
#include "media/recipes/v4l2_cameras.h"
#include "media/recipes/wishes.h"

namespace rtcpub::media {

namespace {

// What its driver offers, which only the opened device tells.
Result<std::vector<CameraMode>> queryModes(const std::string& device, const std::string& subject) {
  auto pipeline =
      parsePipeline("v4l2src name=" + std::string(kSourceName) + " ! fakesink", subject);
  if (!pipeline) return tl::unexpected(pipeline.error());
  const auto source = elementOf(*pipeline, kSourceName);
  g_object_set(source.get(), "device", device.c_str(), nullptr);
  const Owned<GstBus> bus(gst_element_get_bus(pipeline->get()));
  gst_element_set_state(pipeline->get(), GST_STATE_READY);
  const Owned<GstMessage> error(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  const Owned<GstPad> pad(gst_element_get_static_pad(source.get(), "src"));
  const Owned<GstCaps> caps(gst_pad_query_caps(pad.get(), nullptr));
  gst_element_set_state(pipeline->get(), GST_STATE_NULL);
  if (error) return tl::unexpected(explainV4l2(subject, device, readFailure(error.get())));
  return modesOf(caps.get());
}

Result<BuiltPipeline> build(const source_uri::V4l2& v4l2, bool mayBeEncoded) {
  const bool byPath = v4l2.device.starts_with('/');
  const auto device =
      findV4l2Camera(v4l2.device, byPath ? std::vector<V4l2Camera>{} : listV4l2Cameras());
  if (!device) return tl::unexpected(device.error());
  const std::string subject = "The camera " + *device;
  const auto modes = queryModes(*device, subject);
  if (!modes) return tl::unexpected(modes.error());
  const auto choice = chooseMode(*modes, v4l2.options, mayBeEncoded, subject);
  if (!choice) return tl::unexpected(choice.error());
  const bool encoded = mayBeEncoded && choice->coding == CameraCoding::kH264;
  auto pipeline =
      parsePipeline(encoded ? encodedV4l2(*choice) : decodedV4l2(*choice, v4l2.options), subject);
  if (!pipeline) return tl::unexpected(pipeline.error());
  const auto source = elementOf(*pipeline, kSourceName);
  g_object_set(source.get(), "device", device->c_str(), nullptr);
  if (auto set = setProperties(source.get(), v4l2.options.properties); !set) {
    return tl::unexpected(set.error());
  }
  return BuiltPipeline{*std::move(pipeline), encoded};
}

/// A path at which something else stands never becomes a camera.
Result<void> checkDevice(const std::string& device) {
  std::error_code error;
  if (!device.starts_with('/')) return {};
  const auto status = std::filesystem::status(device, error);
  if (!std::filesystem::exists(status) || std::filesystem::is_character_file(status)) return {};
  return fail(ErrorCode::kInvalidArgument, device + " is no camera: it is not a device");
}

}  // namespace

Result<Recipe> recipeOf(const source_uri::V4l2& v4l2, const VideoOpenOptions& options) {
  if (auto checked = checkDevice(v4l2.device); !checked) return tl::unexpected(checked.error());
  const std::string subject = "The camera v4l2:" + v4l2.device;
  Recipe recipe{.subject = subject, .stamp = v4l2.options.stamp};
  recipe.passThrough = maySendEncodedCamera(v4l2.options, options);
  recipe.build = [v4l2](bool mayBeEncoded) { return build(v4l2, mayBeEncoded); };
  recipe.explain = [subject, device = v4l2.device](const Failure& failure) {
    return explainV4l2(subject, device, failure);
  };
  return recipe;
}

}  // namespace rtcpub::media
