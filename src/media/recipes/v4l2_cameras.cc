#include "media/recipes/v4l2_cameras.h"

#include <algorithm>

#include "core/text/text.h"

namespace rtcpub::media {

namespace {

std::string field(const GstStructure* structure, const char* name) {
  const char* value = gst_structure_get_string(structure, name);
  return value != nullptr ? value : "";
}

// Releases differ in what they call the path.
std::string pathOf(GstDevice* device) {
  const Owned<GstStructure> properties(gst_device_get_properties(device));
  if (!properties || field(properties.get(), "device.api") != "v4l2") return "";
  const std::string path = field(properties.get(), "api.v4l2.path");
  return path.empty() ? field(properties.get(), "device.path") : path;
}

}  // namespace

std::vector<V4l2Camera> listV4l2Cameras() {
  GstDeviceMonitor* monitor = gst_device_monitor_new();
  gst_device_monitor_add_filter(monitor, "Video/Source", nullptr);
  GList* devices = gst_device_monitor_get_devices(monitor);
  std::vector<V4l2Camera> cameras;
  for (GList* entry = devices; entry != nullptr; entry = entry->next) {
    auto* device = static_cast<GstDevice*>(entry->data);
    const std::string path = pathOf(device);
    const Owned<gchar> name(gst_device_get_display_name(device));
    if (!path.empty()) cameras.push_back({path, name ? name.get() : ""});
  }
  g_list_free_full(devices, gst_object_unref);
  gst_object_unref(monitor);
  std::sort(cameras.begin(), cameras.end(), [](const V4l2Camera& a, const V4l2Camera& b) {
    return a.path.size() != b.path.size() ? a.path.size() < b.path.size() : a.path < b.path;
  });
  return cameras;
}

std::string describe(const std::vector<V4l2Camera>& cameras) {
  if (cameras.empty()) return "this machine has none";
  std::string text = "there is ";
  for (const V4l2Camera& camera : cameras) {
    if (&camera != &cameras.front()) text += ", ";
    text += camera.path + " (" + text::printable(camera.name, 60) + ")";
  }
  return text;
}

Result<std::string> findV4l2Camera(const std::string& name,
                                   const std::vector<V4l2Camera>& cameras) {
  if (name.starts_with('/')) return name;
  const std::string part = text::toLower(name);
  for (const V4l2Camera& camera : cameras) {
    if (text::toLower(camera.name).find(part) != std::string::npos) return camera.path;
  }
  if (name.empty()) return fail(ErrorCode::kNotFound, "No camera was found: see rtcpub devices");
  return fail(ErrorCode::kNotFound,
              "No camera is called " + text::quote(name) + "; " + describe(cameras));
}

}  // namespace rtcpub::media
