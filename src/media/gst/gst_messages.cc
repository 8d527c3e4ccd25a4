#include "media/gst/gst_messages.h"

#include <array>
#include <utility>

#include "core/text/redact.h"
#include "media/gst/gst_owned.h"

namespace rtcpub::media {

namespace {

// By the beginning of the element's name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 27> kPackages{{
    {"avdec_", "gstreamer1.0-libav"},
    {"avenc_", "gstreamer1.0-libav"},
    {"libcamerasrc", "gstreamer1.0-libcamera"},
    {"x264enc", "gstreamer1.0-plugins-ugly"},
    {"pipewiresrc", "gstreamer1.0-pipewire"},
    {"gl", "gstreamer1.0-gl"},
    {"vaapi", "gstreamer1.0-vaapi"},
    {"va", "gstreamer1.0-plugins-bad"},
    {"openh264", "gstreamer1.0-plugins-bad"},
    {"h264parse", "gstreamer1.0-plugins-bad"},
    {"h265parse", "gstreamer1.0-plugins-bad"},
    {"y4m", "gstreamer1.0-plugins-bad"},
    {"srtsrc", "gstreamer1.0-plugins-bad"},
    {"v4l2", "gstreamer1.0-plugins-good"},
    {"rtspsrc", "gstreamer1.0-plugins-good"},
    {"rtp", "gstreamer1.0-plugins-good"},
    {"ximagesrc", "gstreamer1.0-plugins-good"},
    {"jpeg", "gstreamer1.0-plugins-good"},
    {"videoflip", "gstreamer1.0-plugins-good"},
    {"nvargus", "nvidia-l4t-gstreamer"},
    {"nvv4l2", "nvidia-l4t-gstreamer"},
    {"nvvid", "nvidia-l4t-gstreamer"},
    {"nv", "gstreamer1.0-plugins-bad"},
    {"parsebin", "gstreamer1.0-plugins-base"},
    {"appsink", "gstreamer1.0-plugins-base"},
    {"video", "gstreamer1.0-plugins-base"},
    {"decodebin", "gstreamer1.0-plugins-base"},
}};

std::string field(const GstStructure* structure, const char* name) {
  const gchar* value = gst_structure_get_string(structure, name);
  return value != nullptr ? value : "";
}

}  // namespace

std::string installHint(std::string_view element) {
  for (const auto& [prefix, package] : kPackages) {
    if (element.starts_with(prefix)) return " (install " + std::string(package) + ")";
  }
  return "";
}

Failure readFailure(GstMessage* message) {
  GError* rawError = nullptr;
  gchar* rawDetail = nullptr;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
    gst_message_parse_warning(message, &rawError, &rawDetail);
  } else {
    gst_message_parse_error(message, &rawError, &rawDetail);
  }
  const Owned<GError> error(rawError);
  const Owned<gchar> detail(rawDetail);
  Failure failure{.domain = error->domain, .code = error->code};
  failure.detail = detail ? detail.get() : "";
  std::string text = std::string(GST_MESSAGE_SRC_NAME(message)) + ": " + error->message;
  // The detail begins with a place in GStreamer's sources; what helps is on its last line.
  const auto line = failure.detail.rfind('\n');
  if (line != std::string::npos && line + 1 < failure.detail.size()) {
    text += " (" + failure.detail.substr(line + 1) + ")";
  }
  failure.text = redact(text);
  failure.nothingFits =
      g_error_matches(error.get(), GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN) != FALSE ||
      g_error_matches(error.get(), GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND) != FALSE;
  return failure;
}

std::string describeFailure(GstMessage* message) { return readFailure(message).text; }

// The form is given at
// https://gstreamer.freedesktop.org/documentation/additional/design/missing-plugins.html
std::optional<std::string> describeMissingPlugin(GstMessage* message) {
  const GstStructure* structure = gst_message_get_structure(message);
  if (structure == nullptr || !gst_structure_has_name(structure, "missing-plugin")) {
    return std::nullopt;
  }
  std::string text = "GStreamer has no plugin for \"" + field(structure, "name") + "\"";
  const std::string kind = field(structure, "type");
  if (kind == "decoder") return text + " (install gstreamer1.0-libav)";
  if (kind == "element") return text + installHint(field(structure, "detail"));
  return text;
}

}  // namespace rtcpub::media
