#include "h264_bin.h"
#include "specs.h"

namespace rtcpub::fake {
namespace {

const char* const kSinkCaps = "video/x-raw(memory:NVMM),format=(string){I420,NV12,P010_10LE,NV24}";
const char* const kSourceCaps =
    "video/x-h264,stream-format=(string)byte-stream,alignment=(string){au,nal}";

/// Its bitrate and its buffer count bits, and it takes no picture of the system's memory.
class NvidiaEncoder final : public H264Bin {
 public:
  explicit NvidiaEncoder(GstElement* self) : H264Bin(self, kSinkCaps, kSourceCaps) {}

 protected:
  [[nodiscard]] Settings settings() const override {
    const double kbps = valueOf<guint>(self(), "bitrate") / 1000.0;
    return {static_cast<guint>(kbps), valueOf<guint>(self(), "idrinterval"),
            valueOf<guint>(self(), "num-B-Frames"),
            vbvMilliseconds(valueOf<guint>(self(), "vbv-size"), kbps),
            valueOf<gboolean>(self(), "insert-sps-pps") != FALSE};
  }
};

}  // namespace

ElementSpec nvidiaEncoder() {
  return {"nvv4l2h264enc",
          "V4L2 H.264 Encoder",
          "Codec/Encoder/Video",
          kSinkCaps,
          kSourceCaps,
          {count("bitrate", 4000000),
           count("peak-bitrate", 0),
           choice("control-rate", 1, {{0, "variable_bitrate"}, {1, "constant_bitrate"}}),
           count("iframeinterval", 30),
           count("idrinterval", 256),
           choice("preset-level", 1,
                  {{0, "DisablePreset"},
                   {1, "UltraFastPreset"},
                   {2, "FastPreset"},
                   {3, "MediumPreset"},
                   {4, "SlowPreset"}}),
           choice("profile", 0,
                  {{0, "Baseline"},
                   {1, "Constrained-Baseline"},
                   {2, "Main"},
                   {4, "High"},
                   {7, "High444"},
                   {17, "Constrained-High"}}),
           boolean("maxperf-enable"),
           boolean("insert-sps-pps"),
           boolean("insert-vui"),
           boolean("insert-aud"),
           count("num-B-Frames", 0, 0, 2),
           count("num-Ref-Frames", 1, 0, 8),
           count("vbv-size", 4000000),
           count("poc-type", 0, 0, 2),
           boolean("ratecontrol-enable", true),
           boolean("EnableTwopassCBR"),
           boolean("copy-timestamp"),
           boolean("MeasureEncoderLatency"),
           boolean("disable-cabac"),
           boolean("bit-packetization"),
           boolean("enable-lossless"),
           count("slice-header-spacing", 0),
           count("SliceIntraRefreshInterval", 60),
           count("quant-i-frames", kMaxUInt),
           count("quant-p-frames", kMaxUInt),
           count("quant-b-frames", kMaxUInt),
           text("qp-range", "-1,-1:-1,-1:-1,-1"),
           structure("extra-controls"),
           choice("output-io-mode", 0, {{0, "auto"}, {2, "mmap"}, {5, "dmabuf-import"}}),
           choice("capture-io-mode", 0, {{0, "auto"}, {2, "mmap"}}),
           boolean("qos"),
           nanoseconds("min-force-key-unit-interval", 0)},
          [](GstElement* self) { return std::make_unique<NvidiaEncoder>(self); }};
}

}  // namespace rtcpub::fake
