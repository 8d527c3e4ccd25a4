#include <set>

#include "h264_bin.h"
#include "specs.h"

namespace rtcpub::fake {
namespace {

const char* const kSinkCaps = "video/x-raw,format=(string){I420,NV12,NV21,YV12,YUY2,UYVY,RGB,BGR}";
const char* const kSourceCaps =
    "video/x-h264,stream-format=(string)byte-stream,alignment=(string)au";

// The controls of the Raspberry Pi's driver, bcm2835-codec: GStreamer makes their names of V4L2's.
const std::set<std::string>& knownControls() {
  static const std::set<std::string> names{"video_bitrate",
                                           "video_bitrate_mode",
                                           "video_gop_size",
                                           "video_b_frames",
                                           "repeat_sequence_header",
                                           "sequence_header_mode",
                                           "force_key_frame",
                                           "frame_level_rate_control_enable",
                                           "h264_i_frame_period",
                                           "h264_minimum_qp_value",
                                           "h264_maximum_qp_value",
                                           "h264_profile",
                                           "h264_level"};
  return names;
}

gboolean complainIfUnknown(GQuark field, const GValue* /*value*/, gpointer self) {
  const char* name = g_quark_to_string(field);
  if (!knownControls().contains(name)) {
    GST_ELEMENT_WARNING(self, RESOURCE, SETTINGS, ("The encoder has no control '%s'.", name),
                        (nullptr));
  }
  return TRUE;
}

/// All its settings are V4L2's controls, and without a level in the caps it encodes nothing.
class V4l2Encoder final : public H264Bin {
 public:
  explicit V4l2Encoder(GstElement* self) : H264Bin(self, kSinkCaps, kSourceCaps) {}

  void changed() override {
    if (auto* controls = valueOf<GstStructure*>(self(), "extra-controls")) {
      gst_structure_foreach(controls, complainIfUnknown, self());
      gst_structure_free(controls);
    }
    H264Bin::changed();
  }

 protected:
  [[nodiscard]] Settings settings() const override {
    gint bits = 10000000;  // the driver's own
    gint interval = 60;
    gint repeat = 0;
    if (auto* controls = valueOf<GstStructure*>(self(), "extra-controls")) {
      gst_structure_get_int(controls, "video_bitrate", &bits);
      gst_structure_get_int(controls, "h264_i_frame_period", &interval);
      gst_structure_get_int(controls, "repeat_sequence_header", &repeat);
      gst_structure_free(controls);
    }
    return {static_cast<guint>(bits / 1000), static_cast<guint>(interval), 0, vbvMilliseconds(0, 0),
            repeat != 0};
  }

  [[nodiscard]] bool accepts() const override {
    GstPad* pad = gst_element_get_static_pad(self(), "src");
    GstCaps* caps = gst_pad_peer_query_caps(pad, nullptr);
    bool hasLevel = gst_caps_get_size(caps) > 0 && gst_caps_is_any(caps) == FALSE;
    for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
      hasLevel =
          hasLevel && gst_structure_has_field(gst_caps_get_structure(caps, i), "level") != FALSE;
    }
    gst_caps_unref(caps);
    gst_object_unref(pad);
    return hasLevel;
  }
};

}  // namespace

ElementSpec v4l2Encoder() {
  return {"v4l2h264enc",
          "V4L2 H.264 Encoder",
          "Codec/Encoder/Video/Hardware",
          kSinkCaps,
          kSourceCaps,
          {structure("extra-controls"), text("device", "/dev/video11"), text("device-name"),
           integer("device-fd", -1), boolean("qos"), nanoseconds("min-force-key-unit-interval", 0),
           choice("output-io-mode", 0,
                  {{0, "auto"},
                   {1, "rw"},
                   {2, "mmap"},
                   {3, "userptr"},
                   {4, "dmabuf"},
                   {5, "dmabuf-import"}}),
           choice("capture-io-mode", 0,
                  {{0, "auto"},
                   {1, "rw"},
                   {2, "mmap"},
                   {3, "userptr"},
                   {4, "dmabuf"},
                   {5, "dmabuf-import"}})},
          [](GstElement* self) { return std::make_unique<V4l2Encoder>(self); }};
}

}  // namespace rtcpub::fake
