#include "media/recipes/camera_modes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace rtcpub::media {

namespace {

// Of a range or a list, the largest.
int largestInt(const GValue* value) {
  if (value == nullptr) return 0;
  if (G_VALUE_HOLDS_INT(value)) return g_value_get_int(value);
  if (GST_VALUE_HOLDS_INT_RANGE(value)) return gst_value_get_int_range_max(value);
  int largest = 0;
  if (GST_VALUE_HOLDS_LIST(value)) {
    for (guint i = 0; i < gst_value_list_get_size(value); ++i) {
      largest = std::max(largest, largestInt(gst_value_list_get_value(value, i)));
    }
  }
  return largest;
}

double largestRate(const GValue* value) {
  if (value == nullptr) return 0;
  if (GST_VALUE_HOLDS_FRACTION(value)) {
    return static_cast<double>(gst_value_get_fraction_numerator(value)) /
           std::max(1, gst_value_get_fraction_denominator(value));
  }
  if (GST_VALUE_HOLDS_FRACTION_RANGE(value)) {
    return largestRate(gst_value_get_fraction_range_max(value));
  }
  double largest = 0;
  if (GST_VALUE_HOLDS_LIST(value)) {
    for (guint i = 0; i < gst_value_list_get_size(value); ++i) {
      largest = std::max(largest, largestRate(gst_value_list_get_value(value, i)));
    }
  }
  return largest;
}

std::vector<std::string> texts(const GValue* value) {
  if (value == nullptr) return {};
  if (G_VALUE_HOLDS_STRING(value)) return {g_value_get_string(value)};
  std::vector<std::string> all;
  if (GST_VALUE_HOLDS_LIST(value)) {
    for (guint i = 0; i < gst_value_list_get_size(value); ++i) {
      for (auto& text : texts(gst_value_list_get_value(value, i))) all.push_back(std::move(text));
    }
  }
  return all;
}

std::vector<std::string> formatsOf(const GstStructure* structure) {
  if (gst_structure_has_name(structure, "video/x-raw")) {
    return texts(gst_structure_get_value(structure, "format"));
  }
  if (gst_structure_has_name(structure, "image/jpeg")) return {"MJPEG"};
  if (gst_structure_has_name(structure, "video/x-h264")) return {"H264"};
  return {};
}

// Without an end, a range says nothing.
constexpr int kLargestPicture = 1 << 15;
constexpr double kHighestRate = 1000;

}  // namespace

std::vector<Camera::Mode> readModes(const GstCaps* caps) {
  std::map<std::tuple<std::string, int, int>, double> fastest;
  for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
    const GstStructure* structure = gst_caps_get_structure(caps, i);
    const int width = largestInt(gst_structure_get_value(structure, "width"));
    const int height = largestInt(gst_structure_get_value(structure, "height"));
    if (width <= 0 || height <= 0 || width > kLargestPicture || height > kLargestPicture) continue;
    const double rate = largestRate(gst_structure_get_value(structure, "framerate"));
    for (const auto& format : formatsOf(structure)) {
      double& known = fastest[{format, width, height}];
      if (rate <= kHighestRate) known = std::max(known, rate);
    }
  }
  std::vector<Camera::Mode> modes;
  for (const auto& [key, fps] : fastest) {
    const auto& [format, width, height] = key;
    modes.push_back({format, width, height, fps});
  }
  std::stable_sort(modes.begin(), modes.end(), [](const Camera::Mode& a, const Camera::Mode& b) {
    if (a.format != b.format) return a.format < b.format;
    return a.width * a.height > b.width * b.height;
  });
  return modes;
}

}  // namespace rtcpub::media
