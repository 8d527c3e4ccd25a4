#include <sstream>
#include <string>

#include "specs.h"

namespace rtcpub::fake {
namespace {

const std::vector<ElementSpec>& specs() {
  static const std::vector<ElementSpec> all{
      v4l2Source(),  argusSource(), libcameraSource(), nvidiaConverter(), nvidiaEncoder(),
      v4l2Encoder(), vaEncoder(),   vaapiEncoder(),    nvencEncoder(),    qsvEncoder()};
  return all;
}

// Whether the machine that RTCPUB_FAKE_ELEMENTS describes has it; without the variable it has all.
bool isPresent(const std::string& name) {
  const char* list = g_getenv("RTCPUB_FAKE_ELEMENTS");
  if (list == nullptr) return true;
  std::istringstream stream(list);
  for (std::string part; std::getline(stream, part, ',');) {
    if (part == name) return true;
  }
  return false;
}

gboolean init(GstPlugin* plugin) {
  // With another list GStreamer must look at the plugin anew instead of at its registry.
  gst_plugin_add_dependency_simple(plugin, "RTCPUB_FAKE_ELEMENTS", nullptr, nullptr,
                                   GST_PLUGIN_DEPENDENCY_FLAG_NONE);
  for (const ElementSpec& spec : specs()) {
    if (isPresent(spec.name) && !registerElement(plugin, spec)) return FALSE;
  }
  return registerDeviceProviders(plugin) ? TRUE : FALSE;
}

}  // namespace
}  // namespace rtcpub::fake

#define PACKAGE "rtcpub"
GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, rtcpubfakehardware,
                  "Stands in for cameras and encoders that the test machine hasn't",
                  rtcpub::fake::init, "1.0", GST_LICENSE_UNKNOWN, "rtcpub", "none")
