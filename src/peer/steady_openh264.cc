#include "peer/steady_openh264.h"

#include <wels/codec_api.h>

#include <utility>

#include "engine/compat/codecs.h"
#include "modules/video_coding/codecs/h264/h264_encoder_impl.h"
#include "modules/video_coding/include/video_error_codes.h"

namespace rtcpub::peer {
namespace {

using Encoders = std::vector<ISVCEncoder*>;

// libwebrtc has no setting for it and keeps its encoders to itself. Naming a private member in an
// explicit instantiation is the one way to it that the language allows ([temp.spec.general]/6).
template <Encoders webrtc::H264EncoderImpl::*Member>
struct Access {
  friend Encoders& encodersOf(webrtc::H264EncoderImpl& encoder) { return encoder.*Member; }
};
Encoders& encodersOf(webrtc::H264EncoderImpl& encoder);
template struct Access<&webrtc::H264EncoderImpl::encoders_>;

/// OpenH264 takes this setting when it is opened only. Whether it did.
bool reopenWithoutSceneChanges(ISVCEncoder& encoder) {
  SEncParamExt settings{};
  if (encoder.GetOption(ENCODER_OPTION_SVC_ENCODE_PARAM_EXT, &settings) != cmResultSuccess) {
    return false;
  }
  settings.bEnableSceneChangeDetect = false;
  encoder.Uninitialize();
  if (encoder.InitializeExt(&settings) != cmResultSuccess) return false;
  int format = videoFormatI420;  // which libwebrtc sets after it has opened it, too
  return encoder.SetOption(ENCODER_OPTION_DATAFORMAT, &format) == cmResultSuccess;
}

class SteadyOpenH264 final : public webrtc::H264EncoderImpl {
 public:
  using H264EncoderImpl::H264EncoderImpl;

  int32_t InitEncode(const webrtc::VideoCodec* codec, const Settings& settings) override {
    if (const int32_t failure = H264EncoderImpl::InitEncode(codec, settings);
        failure != WEBRTC_VIDEO_CODEC_OK) {
      return failure;
    }
    for (auto* encoder : encodersOf(*this)) {
      if (reopenWithoutSceneChanges(*encoder)) continue;
      Release();
      return WEBRTC_VIDEO_CODEC_ERROR;
    }
    return WEBRTC_VIDEO_CODEC_OK;
  }
};

class Factory final : public webrtc::VideoEncoderFactory {
 public:
  explicit Factory(std::unique_ptr<VideoEncoderFactory> engines) : engines_(std::move(engines)) {}

  std::vector<webrtc::SdpVideoFormat> GetSupportedFormats() const override {
    return engines_->GetSupportedFormats();
  }
  CodecSupport QueryCodecSupport(const webrtc::SdpVideoFormat& format,
                                 absl::optional<std::string> scalabilityMode) const override {
    return engines_->QueryCodecSupport(format, std::move(scalabilityMode));
  }
  std::unique_ptr<webrtc::VideoEncoder> CreateVideoEncoder(
      const webrtc::SdpVideoFormat& format) override {
    if (format.name == "H264" && format.IsCodecInList(engines_->GetSupportedFormats())) {
      return std::make_unique<SteadyOpenH264>(engine::makeVideoCodec(format));
    }
    return engines_->CreateVideoEncoder(format);
  }

 private:
  const std::unique_ptr<VideoEncoderFactory> engines_;
};

}  // namespace

std::unique_ptr<webrtc::VideoEncoderFactory> withoutSceneChanges(
    std::unique_ptr<webrtc::VideoEncoderFactory> engines) {
  return std::make_unique<Factory>(std::move(engines));
}

}  // namespace rtcpub::peer
