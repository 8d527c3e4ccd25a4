#include "media/playback/encoder_bitrate.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace rtcpub::media {

namespace {

constexpr const char* kProperty = "bitrate";

// How many units of its property make 1,000 bits a second.
constexpr std::array<std::pair<std::string_view, int>, 14> kUnits{{
    {"x264enc", 1},
    {"vah264enc", 1},
    {"vah264lpenc", 1},
    {"vaapih264enc", 1},
    {"nvh264enc", 1},
    {"nvcudah264enc", 1},
    {"nvautogpuh264enc", 1},
    {"qsvh264enc", 1},
    {"msdkh264enc", 1},
    {"amfh264enc", 1},
    {"mfh264enc", 1},
    {"openh264enc", 1000},
    {"nvv4l2h264enc", 1000},
    {"omxh264enc", 1000},
}};

int unitOf(GstElement* element) {
  GstElementFactory* factory = gst_element_get_factory(element);
  if (factory == nullptr) return 0;
  const std::string_view name = GST_OBJECT_NAME(factory);
  const auto* found = std::find_if(kUnits.begin(), kUnits.end(),
                                   [&](const auto& entry) { return entry.first == name; });
  GParamSpec* property = g_object_class_find_property(G_OBJECT_GET_CLASS(element), kProperty);
  const bool settable = property != nullptr && (property->flags & G_PARAM_WRITABLE) != 0;
  return found != kUnits.end() && settable ? found->second : 0;
}

}  // namespace

std::optional<EncoderBitrate> EncoderBitrate::find(GstBin* pipeline) {
  GstIterator* elements = gst_bin_iterate_recurse(pipeline);
  std::optional<EncoderBitrate> found;
  GValue value = G_VALUE_INIT;
  while (!found && gst_iterator_next(elements, &value) == GST_ITERATOR_OK) {
    auto* element = static_cast<GstElement*>(g_value_get_object(&value));
    if (const int unit = unitOf(element); unit > 0) {
      found = EncoderBitrate(Owned<GstElement>(GST_ELEMENT(gst_object_ref(element))), unit);
    }
    g_value_reset(&value);
  }
  g_value_unset(&value);
  gst_iterator_free(elements);
  return found;
}

void EncoderBitrate::set(int kbps) const {
  const std::string value = std::to_string(std::int64_t{kbps} * unit_);
  gst_util_set_object_arg(G_OBJECT(encoder_.get()), kProperty, value.c_str());
}

}  // namespace rtcpub::media
