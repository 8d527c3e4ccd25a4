#include "h264_bin.h"
#include "specs.h"

namespace rtcpub::fake {
namespace {

const char* const kVaSink = "video/x-raw,format=(string)NV12";
const char* const kVaSource = "video/x-h264,stream-format=(string)byte-stream,alignment=(string)au";
const char* const kVaapiSink = "video/x-raw,format=(string){NV12,YV12,I420,YUY2,UYVY}";
const char* const kVaapiSource =
    "video/x-h264,stream-format=(string){avc,byte-stream},alignment=(string)au";

/// gst-plugins-bad/sys/va: bitrate in kbit/s, buffer in kbit.
class VaEncoder final : public H264Bin {
 public:
  explicit VaEncoder(GstElement* self) : H264Bin(self, kVaSink, kVaSource) {}

 protected:
  [[nodiscard]] Settings settings() const override {
    const auto kbps = valueOf<guint>(self(), "bitrate");
    return {kbps, valueOf<guint>(self(), "key-int-max"), valueOf<guint>(self(), "b-frames"),
            vbvMilliseconds(valueOf<guint>(self(), "cpb-size") * 1000.0, kbps), true};
  }
};

/// gstreamer-vaapi: bitrate in kbit/s, buffer in milliseconds.
class VaapiEncoder final : public H264Bin {
 public:
  explicit VaapiEncoder(GstElement* self) : H264Bin(self, kVaapiSink, kVaapiSource) {}

 protected:
  [[nodiscard]] Settings settings() const override {
    return {valueOf<guint>(self(), "bitrate"), valueOf<guint>(self(), "keyframe-period"),
            valueOf<guint>(self(), "max-bframes"), valueOf<guint>(self(), "cpb-length"), true};
  }
};

}  // namespace

// gstvah264enc.c, gstvaencoder.c
ElementSpec vaEncoder() {
  return {"vah264enc",
          "VA-API H.264 Encoder",
          "Codec/Encoder/Video/Hardware",
          kVaSink,
          kVaSource,
          {count("bitrate", 0, 0, 2048000),
           choice("rate-control", 2,
                  {{2, "cbr"}, {4, "vbr"}, {8, "vcm"}, {16, "cqp"}, {64, "icq"}, {1024, "qvbr"}}),
           count("key-int-max", 0, 0, 1024),
           count("b-frames", 0, 0, 31),
           count("i-frames", 0),
           count("ref-frames", 3, 0, 16),
           count("target-usage", 4, 1, 7),
           count("target-percentage", 66, 50, 100),
           count("cpb-size", 0, 0, 2048000),
           count("num-slices", 1, 1, 200),
           count("min-qp", 1, 0, 51),
           count("max-qp", 51, 0, 51),
           count("qpi", 26, 0, 51),
           count("qpp", 26, 0, 51),
           count("qpb", 26, 0, 51),
           choice("mbbrc", 2, {{0, "disabled"}, {1, "enabled"}, {2, "auto"}}),
           boolean("b-pyramid"),
           boolean("dct8x8", true),
           boolean("cabac", true),
           boolean("trellis"),
           boolean("aud"),
           boolean("cc-insert", true),
           boolean("qos"),
           nanoseconds("min-force-key-unit-interval", 0)},
          [](GstElement* self) { return std::make_unique<VaEncoder>(self); }};
}

ElementSpec vaapiEncoder() {
  return {
      "vaapih264enc",
      "VA-API H264 encoder",
      "Codec/Encoder/Video/Hardware",
      kVaapiSink,
      kVaapiSource,
      {choice(
           "rate-control", 1,
           {{1, "cqp"}, {2, "cbr"}, {4, "vbr"}, {5, "vbr_constrained"}, {7, "icq"}, {8, "qvbr"}}),
       count("bitrate", 0, 0, 2048000),
       count("keyframe-period", 30),
       count("max-bframes", 0, 0, 10),
       count("cpb-length", 1500, 1, 10000),
       count("refs", 1, 1, 8),
       count("quality-level", 4, 1, 7),
       count("num-slices", 1, 1, 200),
       count("init-qp", 26, 0, 51),
       count("min-qp", 1, 0, 51),
       count("max-qp", 51, 0, 51),
       count("target-percentage", 70, 1, 100),
       choice("tune", 0, {{0, "none"}, {1, "high-compression"}, {3, "low-power"}}),
       choice("mbbrc", 0, {{0, "auto"}, {1, "on"}, {2, "off"}}),
       boolean("cabac"),
       boolean("dct8x8"),
       boolean("aud"),
       boolean("trellis"),
       boolean("qos"),
       nanoseconds("min-force-key-unit-interval", 0)},
      [](GstElement* self) { return std::make_unique<VaapiEncoder>(self); }};
}

}  // namespace rtcpub::fake
