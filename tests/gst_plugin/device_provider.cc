#include "cameras.h"
#include "specs.h"

namespace rtcpub::fake {
namespace {

struct Device {
  GstDevice parent;
  Camera* camera;
};
struct DeviceClass {
  GstDeviceClass parent;
};
struct Provider {
  GstDeviceProvider parent;
};
struct ProviderClass {
  GstDeviceProviderClass parent;
  Api api;
};

GstElement* createElement(GstDevice* device, const gchar* name) {
  const Camera& camera = *reinterpret_cast<Device*>(device)->camera;
  const bool v4l2 = camera.api == Api::kV4l2;
  GstElement* element = gst_element_factory_make(v4l2 ? "v4l2src" : "libcamerasrc", name);
  if (element == nullptr) return nullptr;
  g_object_set(element, v4l2 ? "device" : "camera-name", camera.id.c_str(), nullptr);
  return element;
}

void finalize(GObject* object) {
  delete reinterpret_cast<Device*>(object)->camera;
  G_OBJECT_CLASS(g_type_class_peek(GST_TYPE_DEVICE))->finalize(object);
}

void initDeviceClass(gpointer klass, gpointer /*data*/) {
  GST_DEVICE_CLASS(klass)->create_element = createElement;
  G_OBJECT_CLASS(klass)->finalize = finalize;
}

GType deviceType() {
  static const GType type = [] {
    GTypeInfo info{};
    info.class_size = sizeof(DeviceClass);
    info.class_init = initDeviceClass;
    info.instance_size = sizeof(Device);
    return g_type_register_static(GST_TYPE_DEVICE, "RtcpubFakeDevice", &info,
                                  static_cast<GTypeFlags>(0));
  }();
  return type;
}

// As gstv4l2deviceprovider.c and libcamera's gstlibcameraprovider.cpp describe theirs.
GstStructure* describe(const Camera& camera) {
  if (camera.api == Api::kLibcamera) {
    return gst_structure_new("camera-properties", "api.libcamera.Model", G_TYPE_STRING,
                             camera.label.c_str(), nullptr);
  }
  return gst_structure_new("v4l2-proplist", "device.api", G_TYPE_STRING, "v4l2", "device.path",
                           G_TYPE_STRING, camera.id.c_str(), "v4l2.device.driver", G_TYPE_STRING,
                           camera.driver.c_str(), "v4l2.device.card", G_TYPE_STRING,
                           camera.label.c_str(), "v4l2.device.bus_info", G_TYPE_STRING, "usb-1",
                           nullptr);
}

GstDevice* makeDevice(const Camera& camera) {
  GstCaps* caps = gst_caps_from_string(camera.caps.c_str());
  GstStructure* properties = describe(camera);
  const bool v4l2 = camera.api == Api::kV4l2;
  auto* device = static_cast<GstDevice*>(g_object_new(
      deviceType(), "display-name", v4l2 ? camera.label.c_str() : camera.id.c_str(), "device-class",
      v4l2 ? "Video/Source" : "Source/Video", "caps", caps, "properties", properties, nullptr));
  reinterpret_cast<Device*>(device)->camera = new Camera(camera);
  gst_structure_free(properties);
  gst_caps_unref(caps);
  return device;
}

GList* probe(GstDeviceProvider* provider) {
  const Api api = reinterpret_cast<ProviderClass*>(G_OBJECT_GET_CLASS(provider))->api;
  GList* devices = nullptr;
  for (const Camera& camera : presentCameras()) {
    if (camera.api == api) devices = g_list_append(devices, makeDevice(camera));
  }
  return devices;
}

void initProviderClass(gpointer klass, gpointer data) {
  auto* provider = GST_DEVICE_PROVIDER_CLASS(klass);
  provider->probe = probe;
  const auto api = static_cast<Api>(GPOINTER_TO_INT(data));
  static_cast<ProviderClass*>(klass)->api = api;
  gst_device_provider_class_set_static_metadata(
      provider, "Fake cameras", api == Api::kV4l2 ? "Source/Sink/Video" : "Source/Video",
      "Lists the cameras of the tests", "RTCPub");
}

bool registerProvider(GstPlugin* plugin, const char* name, Api api) {
  GTypeInfo info{};
  info.class_size = sizeof(ProviderClass);
  info.class_init = initProviderClass;
  info.class_data = GINT_TO_POINTER(static_cast<int>(api));
  info.instance_size = sizeof(Provider);
  const std::string typeName = std::string("RtcpubFake-") + name;
  const GType type = g_type_register_static(GST_TYPE_DEVICE_PROVIDER, typeName.c_str(), &info,
                                            static_cast<GTypeFlags>(0));
  return gst_device_provider_register(plugin, name, GST_RANK_PRIMARY, type) != FALSE;
}

}  // namespace

bool registerDeviceProviders(GstPlugin* plugin) {
  return registerProvider(plugin, "v4l2deviceprovider", Api::kV4l2) &&
         registerProvider(plugin, "libcameraprovider", Api::kLibcamera);
}

}  // namespace rtcpub::fake
