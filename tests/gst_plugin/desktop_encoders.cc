#include "h264_bin.h"
#include "specs.h"

namespace rtcpub::fake {
namespace {

const char* const kNvencSink = "video/x-raw,format=(string){NV12,I420,YV12,Y444}";
const char* const kQsvSink =
    "video/x-raw,format=(string)NV12,width=(int)[16,8192],height=(int)[16,8192]";
const char* const kSource =
    "video/x-h264,stream-format=(string){avc,byte-stream},alignment=(string)au";

/// gst-plugins-bad/sys/nvcodec: bitrate in kbit/s, buffer in kbit.
class NvencEncoder final : public H264Bin {
 public:
  explicit NvencEncoder(GstElement* self) : H264Bin(self, kNvencSink, kSource) {}

 protected:
  [[nodiscard]] Settings settings() const override {
    const auto kbps = valueOf<guint>(self(), "bitrate");
    const auto interval = valueOf<gint>(self(), "gop-size");
    return {kbps, interval < 0 ? static_cast<guint>(kMaxInt) : static_cast<guint>(interval),
            valueOf<guint>(self(), "bframes"),
            vbvMilliseconds(valueOf<guint>(self(), "vbv-buffer-size") * 1000.0, kbps), true};
  }
};

/// gst-plugins-bad/sys/qsv: bitrate in kbit/s.
class QsvEncoder final : public H264Bin {
 public:
  explicit QsvEncoder(GstElement* self) : H264Bin(self, kQsvSink, kSource) {}

 protected:
  [[nodiscard]] Settings settings() const override {
    return {valueOf<guint>(self(), "bitrate"), valueOf<guint>(self(), "gop-size"),
            valueOf<guint>(self(), "b-frames"), vbvMilliseconds(0, 0), true};
  }
};

}  // namespace

// As in GStreamer 1.22: later versions know more presets (p1 to p7).
ElementSpec nvencEncoder() {
  return {"nvh264enc",
          "NVENC H.264 Video Encoder",
          "Codec/Encoder/Video/Hardware",
          kNvencSink,
          kSource,
          {choice("preset", 0,
                  {{0, "default"},
                   {1, "hp"},
                   {2, "hq"},
                   {3, "low-latency"},
                   {4, "low-latency-hq"},
                   {5, "low-latency-hp"},
                   {6, "lossless"},
                   {7, "lossless-hp"}}),
           choice("rc-mode", 0,
                  {{0, "default"},
                   {1, "constqp"},
                   {2, "cbr"},
                   {3, "vbr"},
                   {4, "vbr-minqp"},
                   {5, "cbr-ld-hq"},
                   {6, "cbr-hq"},
                   {7, "vbr-hq"}}),
           count("bitrate", 0, 0, 2048000),
           count("max-bitrate", 0, 0, 2048000),
           integer("gop-size", 75),
           count("bframes", 0, 0, 4),
           boolean("zerolatency"),
           count("vbv-buffer-size", 0),
           count("rc-lookahead", 0, 0, 32),
           integer("qp-min", -1, -1, 51),
           integer("qp-max", -1, -1, 51),
           integer("qp-const", -1, -1, 51),
           boolean("strict-gop"),
           boolean("spatial-aq"),
           boolean("temporal-aq"),
           boolean("nonref-p"),
           boolean("i-adapt"),
           boolean("b-adapt"),
           boolean("aud", true),
           boolean("cabac", true),
           boolean("weighted-pred"),
           real("const-quality", 0, 0, 51),
           count("aq-strength", 0, 0, 15),
           boolean("qos"),
           nanoseconds("min-force-key-unit-interval", 0)},
          [](GstElement* self) { return std::make_unique<NvencEncoder>(self); }};
}

ElementSpec qsvEncoder() {
  return {"qsvh264enc",
          "Intel Quick Sync Video H.264 Encoder",
          "Codec/Encoder/Video/Hardware",
          kQsvSink,
          kSource,
          {count("bitrate", 2000, 0, kMaxInt), count("max-bitrate", 0, 0, kMaxInt),
           choice("rate-control", 2,
                  {{1, "cbr"},
                   {2, "vbr"},
                   {3, "cqp"},
                   {4, "avbr"},
                   {8, "la_vbr"},
                   {9, "icq"},
                   {10, "vcm"},
                   {11, "la_icq"},
                   {13, "la_hrd"},
                   {14, "qvbr"}}),
           count("gop-size", 30, 0, 65535), count("idr-interval", 0, 0, 65535),
           count("b-frames", 0, 0, 65535), count("ref-frames", 2, 0, 16),
           count("target-usage", 4, 1, 7), boolean("low-latency"),
           count("rc-lookahead", 10, 10, 100), count("icq-quality", 0, 0, 51),
           count("qvbr-quality", 0, 0, 51), boolean("disable-hrd-conformance"), boolean("qos"),
           nanoseconds("min-force-key-unit-interval", 0)},
          [](GstElement* self) { return std::make_unique<QsvEncoder>(self); }};
}

}  // namespace rtcpub::fake
