#include "media/devices.h"

#include <gst/gst.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "media/gst/gst_init.h"
#include "media/gst/gst_owned.h"
#include "media/recipes/camera_modes.h"

namespace rtcpub::media {

namespace {

struct ReleaseMonitor {
  void operator()(GstDeviceMonitor* monitor) const { gst_object_unref(monitor); }
  void operator()(GstDevice* device) const { gst_object_unref(device); }
};
using Monitor = std::unique_ptr<GstDeviceMonitor, ReleaseMonitor>;
using Device = std::unique_ptr<GstDevice, ReleaseMonitor>;

// Drivers of the Raspberry Pi and of Jetsons whose devices give Bayer patterns or aren't cameras:
// what they are parts of is opened by libcamera and Argus.
constexpr std::array<std::string_view, 8> kParts{"tegra-video",   "unicam",      "bcm2835-isp",
                                                 "bcm2835-codec", "rp1-cfe",     "pispbe",
                                                 "rpivid",        "rpi-hevc-dec"};
constexpr std::string_view kJetsonDriver = "tegra-video";

bool exists(const char* element) {
  return Owned<GstElementFactory>(gst_element_factory_find(element)) != nullptr;
}

std::string property(GstElement* element, const char* name) {
  gchar* value = nullptr;
  g_object_get(element, name, &value, nullptr);
  const Owned<gchar> owned(value);
  return owned ? owned.get() : "";
}

std::string driverOf(GstDevice* device) {
  const Owned<GstStructure> properties(gst_device_get_properties(device));
  const gchar* driver =
      properties ? gst_structure_get_string(properties.get(), "v4l2.device.driver") : nullptr;
  return driver != nullptr ? driver : "";
}

// What opens it says what it is: the properties differ from provider to provider.
std::string uriOf(GstDevice* device) {
  const Owned<GstElement> element(GST_ELEMENT(gst_device_create_element(device, nullptr)));
  if (!element) return "";
  gst_object_ref_sink(element.get());
  const gchar* factory = GST_OBJECT_NAME(gst_element_get_factory(element.get()));
  const std::string_view kind = factory != nullptr ? factory : "";
  if (kind == "v4l2src") return "v4l2:" + property(element.get(), "device");
  if (kind == "libcamerasrc") return "libcamera:" + property(element.get(), "camera-name");
  return "";
}

std::optional<Camera> describe(GstDevice* device) {
  const std::string driver = driverOf(device);
  if (std::find(kParts.begin(), kParts.end(), driver) != kParts.end()) return std::nullopt;
  const std::string uri = uriOf(device);
  if (uri.empty()) return std::nullopt;
  const Owned<gchar> name(gst_device_get_display_name(device));
  const Owned<GstCaps> caps(gst_device_get_caps(device));
  return Camera{name.get(), uri, caps ? readModes(caps.get()) : std::vector<Camera::Mode>()};
}

std::vector<Device> monitoredDevices() {
  const Monitor monitor(gst_device_monitor_new());
  gst_device_monitor_add_filter(monitor.get(), "Video/Source", nullptr);
  if (gst_device_monitor_start(monitor.get()) == FALSE) return {};
  std::vector<Device> devices;
  GList* list = gst_device_monitor_get_devices(monitor.get());
  for (GList* each = list; each != nullptr; each = each->next) {
    devices.emplace_back(GST_DEVICE(each->data));
  }
  g_list_free(list);
  gst_device_monitor_stop(monitor.get());
  return devices;
}

void addUnknown(std::vector<Camera>& cameras, Camera camera) {
  const bool known = std::any_of(cameras.begin(), cameras.end(),
                                 [&](const Camera& each) { return each.uri == camera.uri; });
  if (!known) cameras.push_back(std::move(camera));
}

void addSensors(CameraList& list, int sensors) {
  for (int sensor = 0; sensor < sensors && exists("nvarguscamerasrc"); ++sensor) {
    addUnknown(list.cameras,
               {"CSI sensor " + std::to_string(sensor), "csi:" + std::to_string(sensor), {}});
  }
}

void addScreen(std::vector<Camera>& cameras) {
  const char* display = g_getenv("DISPLAY");
  if (display == nullptr || *display == '\0' || !exists("ximagesrc")) return;
  cameras.push_back({"Screen " + std::string(display), "screen:" + std::string(display), {}});
}

// Devices that the user may not open aren't listed by GStreamer either.
std::optional<std::string> unreadableDevice() {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/dev", error)) {
    const std::string path = entry.path().string();
    if (path.starts_with("/dev/video") && access(path.c_str(), R_OK | W_OK) != 0) return path;
  }
  return std::nullopt;
}

void addHints(CameraList& list, int sensors) {
  if (!exists("v4l2src")) {
    list.hints.emplace_back(
        "For cameras of Video4Linux, as on USB: install gstreamer1.0-plugins-good");
  }
  if (!exists("libcamerasrc")) {
    list.hints.emplace_back(
        "For cameras of libcamera, as on a Raspberry Pi: install gstreamer1.0-libcamera");
  }
  if (sensors > 0 && !exists("nvarguscamerasrc")) {
    list.hints.emplace_back("For this Jetson's camera sensors: install nvidia-l4t-gstreamer");
  }
  if (const auto path = unreadableDevice()) {
    list.hints.push_back("You may not open " + *path +
                         ": add yourself to the group video (sudo usermod -aG video $USER) and "
                         "log in again");
  }
  if (list.cameras.empty()) {
    list.hints.emplace_back(
        "No camera was found. Plug one in, or send a test picture: 'test:?size=1280x720&fps=30'");
  }
}

}  // namespace

int countSensors(const std::filesystem::path& root) {
  int sensors = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root, error)) {
    std::ifstream file(entry.path() / "name");
    std::string name;
    if (std::getline(file, name) && name.starts_with("vi-output")) ++sensors;
  }
  return sensors;
}

CameraList listCameras() {
  CameraList list;
  if (const auto begun = initGStreamer(); !begun) {
    list.hints.push_back(begun.error().message);
    return list;
  }
  int sensors = 0;
  for (const Device& device : monitoredDevices()) {
    if (driverOf(device.get()) == kJetsonDriver) ++sensors;
    if (auto camera = describe(device.get())) addUnknown(list.cameras, std::move(*camera));
  }
  // Sensors whose pattern GStreamer has no name for aren't told by its provider.
  sensors = std::max(sensors, countSensors("/sys/class/video4linux"));
  addSensors(list, sensors);
  addScreen(list.cameras);
  addHints(list, sensors);
  return list;
}

}  // namespace rtcpub::media
