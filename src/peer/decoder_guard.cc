#include "peer/decoder_guard.h"

#include <utility>
#include <vector>

#include "api/video_codecs/video_decoder.h"
#include "core/h264/h264.h"
#include "log/log.h"
#include "log/occasional_warning.h"
#include "modules/video_coding/include/video_error_codes.h"
#include "rtcpub/clock.h"

namespace rtcpub::peer {
namespace {

class H264Guard final : public webrtc::VideoDecoder {
 public:
  H264Guard(std::unique_ptr<VideoDecoder> engines, std::shared_ptr<Decoding> decoding)
      : engines_(std::move(engines)), decoding_(std::move(decoding)) {}

  bool Configure(const Settings& settings) override { return engines_->Configure(settings); }

  int32_t Decode(const webrtc::EncodedImage& image, bool missingFrames,
                 int64_t renderTimeMs) override {
    const auto unit = h264::inspect({image.data(), image.size()});
    if (!unit.plain420) {
      if (!std::exchange(told_, true)) {
        log().warn(
            "the video is left out: its H264 is not 8-bit 4:2:0, which is all that WebRTC has");
      }
      return WEBRTC_VIDEO_CODEC_ERROR;
    }
    if (unit.cutOff) {
      ++decoding_->incompleteFrames;
      incomplete_.warn(
          "a picture came without its first slices; it isn't shown, and a key frame is asked for",
          monotonicNow());
      return WEBRTC_VIDEO_CODEC_ERROR;
    }
    return engines_->Decode(image, missingFrames, renderTimeMs);
  }

  int32_t RegisterDecodeCompleteCallback(webrtc::DecodedImageCallback* callback) override {
    return engines_->RegisterDecodeCompleteCallback(callback);
  }
  int32_t Release() override { return engines_->Release(); }
  DecoderInfo GetDecoderInfo() const override { return engines_->GetDecoderInfo(); }
  const char* ImplementationName() const override { return engines_->ImplementationName(); }

 private:
  const std::unique_ptr<VideoDecoder> engines_;
  const std::shared_ptr<Decoding> decoding_;
  OccasionalWarning incomplete_;
  bool told_ = false;
};

class GuardFactory final : public webrtc::VideoDecoderFactory {
 public:
  GuardFactory(std::unique_ptr<VideoDecoderFactory> engines, std::shared_ptr<Decoding> decoding)
      : engines_(std::move(engines)), decoding_(std::move(decoding)) {}

  std::vector<webrtc::SdpVideoFormat> GetSupportedFormats() const override {
    return engines_->GetSupportedFormats();
  }
  CodecSupport QueryCodecSupport(const webrtc::SdpVideoFormat& format,
                                 bool referenceScaling) const override {
    return engines_->QueryCodecSupport(format, referenceScaling);
  }
  std::unique_ptr<webrtc::VideoDecoder> CreateVideoDecoder(
      const webrtc::SdpVideoFormat& format) override {
    auto decoder = engines_->CreateVideoDecoder(format);
    if (!decoder || format.name != "H264") return decoder;
    return std::make_unique<H264Guard>(std::move(decoder), decoding_);
  }

 private:
  const std::unique_ptr<VideoDecoderFactory> engines_;
  const std::shared_ptr<Decoding> decoding_;
};

}  // namespace

std::unique_ptr<webrtc::VideoDecoderFactory> withGuard(
    std::unique_ptr<webrtc::VideoDecoderFactory> engines, std::shared_ptr<Decoding> decoding) {
  return std::make_unique<GuardFactory>(std::move(engines), std::move(decoding));
}

}  // namespace rtcpub::peer
