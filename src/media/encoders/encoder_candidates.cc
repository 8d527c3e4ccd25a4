#include "media/encoders/encoder_candidates.h"

#include <algorithm>
#include <array>

namespace rtcpub::media {

namespace {

std::string text(int value) { return std::to_string(value); }

// A buffer of one picture's share of the bitrate keeps all pictures about as large.
int frameBits(const EncoderSettings& settings) {
  return settings.bitrateKbps * 1000 / settings.fps;
}
int frameKbits(const EncoderSettings& settings) { return std::max(1, frameBits(settings) / 1000); }
int frameMilliseconds(const EncoderSettings& settings) {
  return (1000 + settings.fps - 1) / settings.fps;
}

// NVIDIA's guide "Accelerated GStreamer" of Jetson Linux. The profile is Baseline unless told.
ElementProperties nvV4l2(const EncoderSettings& settings) {
  return {{"control-rate", "constant_bitrate"},
          {"bitrate", text(settings.bitrateKbps * 1000)},
          {"iframeinterval", text(settings.keyFrameInterval)},
          {"idrinterval", text(settings.keyFrameInterval)},
          {"vbv-size", text(frameBits(settings))},
          {"preset-level", "UltraFastPreset"},
          {"maxperf-enable", "true"},
          {"insert-sps-pps", "true"},
          {"insert-vui", "true"},
          {"poc-type", "2"}};
}

ElementProperties v4l2(const EncoderSettings& settings) {
  return {{"extra-controls", v4l2Controls(settings.bitrateKbps, settings.keyFrameInterval)}};
}

ElementProperties va(const EncoderSettings& settings) {
  return {{"rate-control", "cbr"},
          {"bitrate", text(settings.bitrateKbps)},
          {"cpb-size", text(frameKbits(settings))},
          {"key-int-max", text(settings.keyFrameInterval)},
          {"b-frames", "0"},
          {"ref-frames", "1"},
          {"target-usage", "7"}};
}

ElementProperties vaapi(const EncoderSettings& settings) {
  return {{"rate-control", "cbr"},
          {"bitrate", text(settings.bitrateKbps)},
          {"cpb-length", text(frameMilliseconds(settings))},
          {"keyframe-period", text(settings.keyFrameInterval)},
          {"max-bframes", "0"},
          {"refs", "1"},
          {"quality-level", "7"}};
}

// Some are there only if the card can do them.
ElementProperties nvEnc(const EncoderSettings& settings) {
  return {{"preset", "low-latency-hp"},
          {"rc-mode", "cbr"},
          {"bitrate", text(settings.bitrateKbps)},
          {"vbv-buffer-size", text(frameKbits(settings))},
          {"gop-size", text(settings.keyFrameInterval)},
          {"bframes", "0"},
          {"rc-lookahead", "0"},
          {"zerolatency", "true"}};
}

ElementProperties qsv(const EncoderSettings& settings) {
  return {{"rate-control", "cbr"},
          {"bitrate", text(settings.bitrateKbps)},
          {"gop-size", text(settings.keyFrameInterval)},
          {"b-frames", "0"},
          {"ref-frames", "1"},
          {"low-latency", "true"},
          {"target-usage", "7"}};
}

ElementProperties x264(const EncoderSettings& settings) {
  return {{"tune", "zerolatency"},
          {"speed-preset", "superfast"},
          {"pass", "cbr"},
          {"bitrate", text(settings.bitrateKbps)},
          {"vbv-buf-capacity", text(frameMilliseconds(settings))},
          {"key-int-max", text(settings.keyFrameInterval)},
          {"intra-refresh", settings.intraRefresh ? "true" : "false"},
          {"byte-stream", "true"},
          {"aud", "false"}};
}

constexpr std::string_view kJetsonUpload = "nvvidconv ! video/x-raw(memory:NVMM),format=NV12";
constexpr std::string_view kConvert = "videoconvert";

// What every decoder of WebRTC takes (RFC 7742 section 6.2).
constexpr std::string_view kBaseline = "video/x-h264,profile=constrained-baseline";
// The Raspberry Pi's driver refuses to start without a level.
constexpr std::string_view kBaselineLevel =
    "video/x-h264,profile=constrained-baseline,level=(string)4";

constexpr std::array<EncoderCandidate, 7> kCandidates{{
    {"nvv4l2h264enc", true, kJetsonUpload, nvV4l2, "", 1000, "a Jetson with nvidia-l4t-gstreamer"},
    {"v4l2h264enc", true, kConvert, v4l2, kBaselineLevel, 0,
     "a V4L2 encoder, as of a Raspberry Pi, and gstreamer1.0-plugins-good"},
    {"vah264enc", true, kConvert, va, kBaseline, 1,
     "an Intel or AMD GPU, and gstreamer1.0-plugins-bad"},
    {"vaapih264enc", true, kConvert, vaapi, kBaseline, 1,
     "an Intel or AMD GPU, and gstreamer1.0-vaapi"},
    {"nvh264enc", true, kConvert, nvEnc, kBaseline, 1,
     "an NVIDIA card with its driver, and gstreamer1.0-plugins-bad"},
    {"qsvh264enc", true, kConvert, qsv, kBaseline, 1, "an Intel GPU, and gstreamer1.0-plugins-bad"},
    {"x264enc", false, "", x264, kBaseline, 1, "gstreamer1.0-plugins-ugly"},
}};

}  // namespace

std::span<const EncoderCandidate> encoderCandidates() { return kCandidates; }

std::string v4l2Controls(int bitrateKbps, int keyFrameInterval) {
  // Repeated headers: a viewer may join at any key frame.
  return "controls,video_bitrate_mode=1,repeat_sequence_header=1" +
         (",video_bitrate=" + std::to_string(bitrateKbps * 1000)) +
         ",h264_i_frame_period=" + std::to_string(keyFrameInterval) +
         ",video_gop_size=" + std::to_string(keyFrameInterval);
}

std::string encoderPipeline(const EncoderCandidate& candidate) {
  std::string pipeline = std::string("appsrc name=") + kEncoderInput +
                         " format=time is-live=true block=false max-buffers=8 ! ";
  if (!candidate.upload.empty()) pipeline += std::string(candidate.upload) + " ! ";
  pipeline += std::string(candidate.element) + " name=" + kEncoderName + " ! ";
  if (!candidate.output.empty()) pipeline += std::string(candidate.output) + " ! ";
  // x264 writes its parameter sets before each key frame as it is.
  if (candidate.hardware) pipeline += "h264parse config-interval=-1 ! ";
  return pipeline + "appsink name=" + kEncoderOutput +
         " sync=false async=false max-buffers=8 enable-last-sample=false qos=false"
         " caps=\"video/x-h264,stream-format=byte-stream,alignment=au\"";
}

}  // namespace rtcpub::media
