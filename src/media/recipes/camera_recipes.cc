#include "media/recipes/camera_recipes.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "media/recipes/camera_caps.h"
#include "media/recipes/device_failure.h"
#include "media/recipes/pipeline_parser.h"
#include "media/recipes/pipeline_text.h"

namespace rtcpub::media {

namespace {

// What says which device is meant.
struct Place {
  const char* property;
  std::string value;  // empty: the element's default
};

Result<BuiltPipeline> build(const std::string& text, const std::string& subject, const Place& place,
                            const query::Parameters& properties) {
  auto pipeline = parsePipeline(text, subject);
  if (!pipeline) return tl::unexpected(pipeline.error());
  const auto source = elementOf(*pipeline, kSourceName);
  if (!place.value.empty()) {
    gst_util_set_object_arg(G_OBJECT(source.get()), place.property, place.value.c_str());
  }
  if (auto set = setProperties(source.get(), properties); !set) return tl::unexpected(set.error());
  return BuiltPipeline{*std::move(pipeline), false};
}

Recipe makeRecipe(std::string subject, const std::string& text, const Place& place,
                  const source_uri::Options& options) {
  Recipe recipe{.subject = std::move(subject), .stamp = options.stamp};
  recipe.build = [text, subject = recipe.subject, place, properties = options.properties](
                     bool /*mayBeEncoded*/) { return build(text, subject, place, properties); };
  recipe.explain = [subject = recipe.subject](const Failure& failure) {
    return explainDevice(subject, failure);
  };
  return recipe;
}

bool saysThatCapsDiffer(const Failure& failure) {
  return failure.detail.find("not-negotiated") != std::string::npos;
}

// What libcamera's devices say of the camera, or of the first one.
std::vector<CameraMode> libcameraModes(const std::string& camera) {
  GstDeviceMonitor* monitor = gst_device_monitor_new();
  gst_device_monitor_add_filter(monitor, "Source/Video", nullptr);
  GList* devices = gst_device_monitor_get_devices(monitor);
  std::vector<CameraMode> modes;
  for (GList* entry = devices; entry != nullptr && modes.empty(); entry = entry->next) {
    auto* device = static_cast<GstDevice*>(entry->data);
    const Owned<gchar> name(gst_device_get_display_name(device));
    const Owned<GstCaps> caps(gst_device_get_caps(device));
    if (caps && (camera.empty() || camera == name.get())) modes = modesOf(caps.get());
  }
  g_list_free_full(devices, gst_object_unref);
  gst_object_unref(monitor);
  return modes;
}

Error explainLibcamera(const std::string& subject, const std::string& camera,
                       const Failure& failure) {
  if (!saysThatCapsDiffer(failure)) return explainDevice(subject, failure);
  const auto modes = libcameraModes(camera);
  return {ErrorCode::kUnsupported, subject + " lacks the size, rate or format that is asked for" +
                                       (modes.empty() ? "" : "; it has " + describe(modes))};
}

Error explainCsi(const std::string& subject, const Failure& failure) {
  if (!saysThatCapsDiffer(failure)) return explainDevice(subject, failure);
  return {ErrorCode::kUnsupported,
          subject +
              " can't capture in the size and rate that are asked for: give one of its sensor's "
              "modes, as capture=1920x1080@30"};
}

}  // namespace

Result<Recipe> recipeOf(const source_uri::Csi& csi, const VideoOpenOptions& /*options*/) {
  const std::string sensor = std::to_string(csi.sensor);
  Recipe recipe =
      makeRecipe("The camera csi:" + sensor, media::csi(csi), {"sensor-id", sensor}, csi.options);
  recipe.whenNothing = ": is the sensor connected, and the number right? See rtcpub devices";
  // Argus tells its reasons on standard error; the stream just ends.
  recipe.endedAtOnce = ErrorCode::kNotFound;
  recipe.explain = [subject = recipe.subject](const Failure& failure) {
    return explainCsi(subject, failure);
  };
  return recipe;
}

Result<Recipe> recipeOf(const source_uri::Libcamera& libcamera,
                        const VideoOpenOptions& /*options*/) {
  Recipe recipe = makeRecipe(libcamera.camera.empty() ? "The camera of libcamera"
                                                      : "The camera libcamera:" + libcamera.camera,
                             media::libcamera(libcamera.options), {"camera-name", libcamera.camera},
                             libcamera.options);
  recipe.explain = [subject = recipe.subject, camera = libcamera.camera](const Failure& failure) {
    return explainLibcamera(subject, camera, failure);
  };
  return recipe;
}

Result<Recipe> recipeOf(const source_uri::Screen& screen, const VideoOpenOptions& /*options*/) {
  Recipe recipe =
      makeRecipe("The screen " + (screen.display.empty() ? "of DISPLAY" : screen.display),
                 media::screen(screen.options), {"display-name", screen.display}, screen.options);
  recipe.explain = [subject = recipe.subject](const Failure& failure) {
    if (!failure.is(GST_RESOURCE_ERROR_OPEN_READ)) return explainDevice(subject, failure);
    return Error{
        ErrorCode::kNotFound,
        subject + " can't be opened: is there an X server, and is DISPLAY or screen:N right?"};
  };
  return recipe;
}

}  // namespace rtcpub::media
