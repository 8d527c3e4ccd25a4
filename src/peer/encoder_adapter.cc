#include "peer/encoder_adapter.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "log/log.h"
#include "modules/video_coding/include/video_error_codes.h"
#include "peer/fitting_encoder.h"
#include "peer/own_encoder.h"
#include "peer/pass_through.h"

namespace rtcpub::peer {
namespace {

using FrameTypes = std::vector<webrtc::VideoFrameType>;

/// The quantizers between which the resolution is right: below the picture could be larger, above
/// it should be smaller. Those of libwebrtc for H.264.
constexpr int kLowQp = 24;
constexpr int kHighQp = 37;

std::optional<VideoCodec> codecOf(webrtc::VideoCodecType type) {
  switch (type) {
    case webrtc::kVideoCodecH264:
      return VideoCodec::kH264;
    case webrtc::kVideoCodecVP8:
      return VideoCodec::kVp8;
    case webrtc::kVideoCodecVP9:
      return VideoCodec::kVp9;
    default:
      return std::nullopt;
  }
}

bool wantsKeyFrame(const FrameTypes* types) {
  return types != nullptr &&
         std::count(types->begin(), types->end(), webrtc::VideoFrameType::kVideoFrameKey) > 0;
}

int kbps(webrtc::DataRate rate) { return static_cast<int>(rate.kbps()); }

class EncoderAdapter final : public webrtc::VideoEncoder {
 public:
  EncoderAdapter(std::unique_ptr<VideoEncoder> engines, std::shared_ptr<Encoding> encoding)
      : encoding_(std::move(encoding)),
        own_(*encoding_),
        passThrough_(*encoding_),
        engines_(withFittingSize(std::move(engines))) {}

  int InitEncode(const webrtc::VideoCodec* codec, const Settings& settings) override {
    codec_ = *codec;
    settings_.emplace(settings);
    stop();
    if (!encoding_->comesEncoded) return start();
    startPassThrough();
    return WEBRTC_VIDEO_CODEC_OK;
  }

  int32_t RegisterEncodeCompleteCallback(webrtc::EncodedImageCallback* callback) override {
    callback_ = callback;
    own_.setOutput(callback);
    return engines_->RegisterEncodeCompleteCallback(callback);
  }

  int32_t Encode(const webrtc::VideoFrame& frame, const FrameTypes* types) override {
    if (isEncoded(frame)) return pass(frame, wantsKeyFrame(types));
    if (by_ == By::kEngine || hopeless_) tryOwnAgain();
    if (hopeless_) return WEBRTC_VIDEO_CODEC_ERROR;
    if (by_ == By::kNobody || by_ == By::kPassThrough) {
      if (const int failure = start(); failure != WEBRTC_VIDEO_CODEC_OK) return failure;
    }
    const bool newScene = std::exchange(scene_, frame.id()) != frame.id();
    const bool keyFrame = newScene || wantsKeyFrame(types);
    if (by_ == By::kOwn) {
      if (own_.encode(frame, keyFrame)) return WEBRTC_VIDEO_CODEC_OK;
      by_ = By::kNobody;  // until the engine's is open
      if (const int failure = startEngine(); failure != WEBRTC_VIDEO_CODEC_OK) return failure;
    }
    const FrameTypes chosen{keyFrame ? webrtc::VideoFrameType::kVideoFrameKey
                                     : webrtc::VideoFrameType::kVideoFrameDelta};
    return engines_->Encode(frame, &chosen);
  }

  void SetRates(const RateControlParameters& rates) override {
    rates_.emplace(rates);
    passThrough_.setRate(kbps(std::max(rates.bandwidth_allocation,
                                       webrtc::DataRate::BitsPerSec(rates.bitrate.get_sum_bps()))));
    applyRates();
  }

  int32_t Release() override {
    stop();
    return WEBRTC_VIDEO_CODEC_OK;
  }

  void SetFecControllerOverride(webrtc::FecControllerOverride* fecOverride) override {
    engines_->SetFecControllerOverride(fecOverride);
  }
  void OnPacketLossRateUpdate(float lossRate) override {
    engines_->OnPacketLossRateUpdate(lossRate);
  }
  void OnRttUpdate(int64_t rttMs) override { engines_->OnRttUpdate(rttMs); }
  void OnLossNotification(const LossNotification& loss) override {
    engines_->OnLossNotification(loss);
  }

  EncoderInfo GetEncoderInfo() const override {
    EncoderInfo info = by_ == By::kOwn           ? ownInfo()
                       : by_ == By::kPassThrough ? passThroughInfo()
                                                 : engines_->GetEncoderInfo();
    // Pictures that come encoded are such for libwebrtc.
    info.supports_native_handle = true;
    return info;
  }

 private:
  enum class By { kNobody, kPassThrough, kOwn, kEngine };

  EncoderSettings ownSettings() const {
    return {.codec = codecOf(codec_.codecType).value_or(VideoCodec::kH264),
            .width = codec_.width,
            .height = codec_.height,
            .fps = OwnEncoder::kNominalFps,
            .bitrateKbps = static_cast<int>(std::max(1U, codec_.startBitrate)),
            .keyFrameInterval = encoding_->keyFrameInterval,
            .intraRefresh = encoding_->intraRefresh};
  }

  int start() {
    if (!codecOf(codec_.codecType) || !own_.open(ownSettings())) return startEngine();
    by_ = By::kOwn;
    applyRates();
    return WEBRTC_VIDEO_CODEC_OK;
  }

  void startPassThrough() {
    passThrough_.begin(codecOf(codec_.codecType));
    by_ = By::kPassThrough;
  }

  int startEngine() {
    const int failure = engines_->InitEncode(&codec_, *settings_);
    hopeless_ = failure != WEBRTC_VIDEO_CODEC_OK;
    if (hopeless_) return failure;
    engines_->RegisterEncodeCompleteCallback(callback_);
    by_ = By::kEngine;
    applyRates();
    return WEBRTC_VIDEO_CODEC_OK;
  }

  /// One of the machine's encoders that failed may have its turn again: until it is open the
  /// engine's goes on.
  void tryOwnAgain() {
    if (codecOf(codec_.codecType) != VideoCodec::kH264 || !own_.retryDue()) return;
    if (!own_.open(ownSettings())) return;
    log().info("{}, which had failed, is tried again", own_.name());
    if (by_ == By::kEngine) engines_->Release();
    hopeless_ = false;
    by_ = By::kOwn;
    applyRates();
  }

  void stop() {
    hopeless_ = false;
    own_.close();
    if (by_ == By::kEngine) engines_->Release();
    by_ = By::kNobody;
  }

  int32_t pass(const webrtc::VideoFrame& frame, bool keyFrame) {
    if (by_ != By::kPassThrough) {
      stop();
      startPassThrough();
    }
    passThrough_.send(frame, keyFrame, *callback_);
    return WEBRTC_VIDEO_CODEC_OK;
  }

  void applyRates() {
    if (!rates_) return;
    if (by_ == By::kEngine) return engines_->SetRates(*rates_);
    if (by_ != By::kOwn || rates_->bitrate.get_sum_bps() == 0) return;
    own_.setBitrate(static_cast<int>(rates_->bitrate.get_sum_kbps()));
  }

  EncoderInfo ownInfo() const {
    EncoderInfo info;
    info.implementation_name = own_.name();
    info.is_hardware_accelerated = own_.hardware();
    // They keep to their rate picture by picture: nothing need be dropped in front of them.
    info.has_trusted_rate_controller = true;
    info.scaling_settings = ScalingSettings(kLowQp, kHighQp);
    info.requested_resolution_alignment = 2;
    info.supports_simulcast = false;
    info.preferred_pixel_formats = {webrtc::VideoFrameBuffer::Type::kI420,
                                    webrtc::VideoFrameBuffer::Type::kNV12};
    return info;
  }

  static EncoderInfo passThroughInfo() {
    EncoderInfo info;
    info.implementation_name = "pass-through";
    info.is_hardware_accelerated = true;
    info.has_trusted_rate_controller = true;
    info.scaling_settings = ScalingSettings::kOff;
    info.supports_simulcast = false;
    return info;
  }

  const std::shared_ptr<Encoding> encoding_;
  OwnEncoder own_;
  PassThrough passThrough_;
  const std::unique_ptr<VideoEncoder> engines_;
  By by_ = By::kNobody;
  bool hopeless_ = false;  ///< no encoder takes the pictures as they are
  webrtc::VideoCodec codec_;
  std::optional<Settings> settings_;
  std::optional<RateControlParameters> rates_;
  webrtc::EncodedImageCallback* callback_ = nullptr;
  std::uint16_t scene_ = 0;
};

class Factory final : public webrtc::VideoEncoderFactory {
 public:
  Factory(std::unique_ptr<VideoEncoderFactory> engines, std::shared_ptr<Encoding> encoding)
      : engines_(std::move(engines)), encoding_(std::move(encoding)) {}

  std::vector<webrtc::SdpVideoFormat> GetSupportedFormats() const override {
    return engines_->GetSupportedFormats();
  }
  CodecSupport QueryCodecSupport(const webrtc::SdpVideoFormat& format,
                                 absl::optional<std::string> scalabilityMode) const override {
    return engines_->QueryCodecSupport(format, std::move(scalabilityMode));
  }
  std::unique_ptr<webrtc::VideoEncoder> CreateVideoEncoder(
      const webrtc::SdpVideoFormat& format) override {
    auto engines = engines_->CreateVideoEncoder(format);
    if (!engines) return nullptr;
    return std::make_unique<EncoderAdapter>(std::move(engines), encoding_);
  }

 private:
  const std::unique_ptr<VideoEncoderFactory> engines_;
  const std::shared_ptr<Encoding> encoding_;
};

}  // namespace

std::unique_ptr<webrtc::VideoEncoderFactory> withEncoders(
    std::unique_ptr<webrtc::VideoEncoderFactory> engines, std::shared_ptr<Encoding> encoding) {
  return std::make_unique<Factory>(std::move(engines), std::move(encoding));
}

}  // namespace rtcpub::peer
