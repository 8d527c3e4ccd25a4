#include "media/recipes/camera_caps.h"

#include <optional>

namespace rtcpub::media {

namespace {

std::optional<CameraRange> rangeOf(const GValue* value) {
  if (value == nullptr) return std::nullopt;
  if (G_VALUE_HOLDS_INT(value)) return CameraRange{g_value_get_int(value), g_value_get_int(value)};
  if (GST_VALUE_HOLDS_INT_RANGE(value)) {
    return CameraRange{gst_value_get_int_range_min(value), gst_value_get_int_range_max(value)};
  }
  return std::nullopt;
}

FrameRate rateOf(const GValue* fraction) {
  return {gst_value_get_fraction_numerator(fraction), gst_value_get_fraction_denominator(fraction)};
}

void readRates(const GValue* value, CameraMode& mode) {
  if (value == nullptr) return;
  if (GST_VALUE_HOLDS_FRACTION(value)) {
    mode.rates.push_back(rateOf(value));
  } else if (GST_VALUE_HOLDS_FRACTION_RANGE(value)) {
    mode.rates = {rateOf(gst_value_get_fraction_range_min(value)),
                  rateOf(gst_value_get_fraction_range_max(value))};
    mode.anyRateBetween = true;
  } else if (GST_VALUE_HOLDS_LIST(value)) {
    for (guint i = 0; i < gst_value_list_get_size(value); ++i) {
      const GValue* entry = gst_value_list_get_value(value, i);
      if (GST_VALUE_HOLDS_FRACTION(entry)) mode.rates.push_back(rateOf(entry));
    }
  }
}

std::optional<CameraCoding> codingOf(const GstStructure* structure) {
  if (gst_structure_has_name(structure, "video/x-raw")) return CameraCoding::kRaw;
  if (gst_structure_has_name(structure, "image/jpeg")) return CameraCoding::kJpeg;
  if (gst_structure_has_name(structure, "video/x-h264")) return CameraCoding::kH264;
  return std::nullopt;
}

// Nothing for one without a single size or range of sizes.
std::optional<CameraMode> modeOf(const GstStructure* structure, const std::string& format) {
  const auto coding = codingOf(structure);
  const auto width = rangeOf(gst_structure_get_value(structure, "width"));
  const auto height = rangeOf(gst_structure_get_value(structure, "height"));
  if (!coding || !width || !height) return std::nullopt;
  CameraMode mode{.coding = *coding, .format = format, .width = *width, .height = *height};
  readRates(gst_structure_get_value(structure, "framerate"), mode);
  return mode;
}

void addModes(const GstStructure* structure, std::vector<CameraMode>& modes) {
  const GValue* format = gst_structure_get_value(structure, "format");
  const auto add = [&](const char* name) {
    if (auto mode = modeOf(structure, name)) modes.push_back(*std::move(mode));
  };
  if (format == nullptr) {
    if (codingOf(structure) != CameraCoding::kRaw) add("");
  } else if (G_VALUE_HOLDS_STRING(format)) {
    add(g_value_get_string(format));
  } else if (GST_VALUE_HOLDS_LIST(format)) {
    for (guint i = 0; i < gst_value_list_get_size(format); ++i) {
      add(g_value_get_string(gst_value_list_get_value(format, i)));
    }
  }
}

}  // namespace

std::vector<CameraMode> modesOf(GstCaps* caps) {
  std::vector<CameraMode> modes;
  if (gst_caps_is_any(caps) != FALSE) return modes;
  for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
    addModes(gst_caps_get_structure(caps, i), modes);
  }
  return modes;
}

}  // namespace rtcpub::media
